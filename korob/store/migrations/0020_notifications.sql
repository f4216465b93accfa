-- `trace` joins a notification to the call that caused it. What was there before nobody had asked to be told.
ALTER TABLE outbox
    ADD COLUMN trace uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN dispatched boolean NOT NULL DEFAULT true,
    DROP COLUMN attempts;
ALTER TABLE outbox ALTER COLUMN dispatched SET DEFAULT false;
CREATE INDEX outbox_to_dispatch ON outbox (business_id, id) WHERE NOT dispatched;

-- Who is to be told of what. Moments of waiting are in the time of the business, those of leases in the wall's.
CREATE TABLE subscriptions (
    business_id    bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id             bigint GENERATED ALWAYS AS IDENTITY,
    campaign_id    bigint REFERENCES campaigns ON DELETE CASCADE,   -- null: for all campaigns of the business
    name           text NOT NULL,
    url            text NOT NULL,
    types          text[] NOT NULL CHECK (cardinality(types) > 0),
    state          text NOT NULL,
    any_address    boolean NOT NULL,     -- plain HTTP and private addresses too: what tests need
    secret         bytea,                -- signs what is sent, null: nothing is signed
    created_at     timestamptz NOT NULL DEFAULT now(),
    failing_since  timestamptz,          -- the first of the attempts that failed since the last one that did not
    knocked        bigint NOT NULL DEFAULT 0,
    failed         bigint NOT NULL DEFAULT 0,
    look_at        timestamptz,          -- not after the soonest due delivery that nobody has on his list; null: none
    leased_by      bigint,               -- who has its deliveries on his list now
    leased_until   timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (business_id, id)
) WITH (fillfactor = 60);
CREATE INDEX subscriptions_to_look_at ON subscriptions (look_at) WHERE look_at IS NOT NULL AND state = 'ENABLED';
CREATE INDEX subscriptions_leased ON subscriptions (leased_by) WHERE leased_by IS NOT NULL;

-- One row for each notification and each subscription that gets it; made once, with the mark on the outbox's row.
CREATE TABLE deliveries (
    business_id      bigint NOT NULL,
    outbox_id        bigint NOT NULL,
    subscription_id  bigint NOT NULL,
    state            text NOT NULL DEFAULT 'WAITING',
    due_at           timestamptz NOT NULL,
    first_at         timestamptz,        -- the first attempt, from which the ladder counts
    attempts         integer NOT NULL DEFAULT 0,
    PRIMARY KEY (business_id, outbox_id, subscription_id),
    FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX deliveries_waiting ON deliveries (business_id, subscription_id, due_at, outbox_id)
    WHERE state = 'WAITING';
CREATE INDEX deliveries_of_a_subscription ON deliveries (business_id, subscription_id, outbox_id);

-- The log: every knock at a seller's door, checks of the connection too (these have no outbox_id).
CREATE TABLE attempts (
    business_id      bigint NOT NULL,
    id               bigint GENERATED ALWAYS AS IDENTITY,
    subscription_id  bigint NOT NULL,
    outbox_id        bigint,
    type             text NOT NULL,
    at               timestamptz NOT NULL,   -- in the time of the business
    made_at          timestamptz NOT NULL DEFAULT now(),
    seconds          double precision NOT NULL,
    status           integer,
    error            text,
    cause            text,
    answer           text NOT NULL,
    integration      text,
    version          text,
    traceparent      text NOT NULL,
    PRIMARY KEY (business_id, id),
    FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions ON DELETE CASCADE
);
CREATE INDEX attempts_of_a_subscription ON attempts (business_id, subscription_id, id);
CREATE INDEX attempts_of_a_notification ON attempts (business_id, outbox_id) WHERE outbox_id IS NOT NULL;
CREATE INDEX attempts_by_age ON attempts USING brin (made_at);
