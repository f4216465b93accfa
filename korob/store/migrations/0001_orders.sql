-- Businesses, campaigns, keys and worlds are reference tables: they are looked up without a business.
CREATE TABLE businesses (
    id          bigint PRIMARY KEY CHECK (id > 0),
    name        text NOT NULL,
    yandex_go   boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- A world is a business with a clock of its own. now = frozen_at, else the wall's time + clock_offset.
CREATE TABLE worlds (
    business_id    bigint PRIMARY KEY REFERENCES businesses ON DELETE CASCADE,
    seed           bigint NOT NULL,
    limits         boolean NOT NULL DEFAULT true,
    clock_offset   interval NOT NULL DEFAULT '0',
    frozen_at      timestamptz,
    epoch          bigint NOT NULL DEFAULT 1,
    jump_to        timestamptz,          -- a jump that is under way, so that an interrupted one is carried on
    jump_key       text,                 -- the Idempotency-Key of that jump or of the last one
    jump_answer    jsonb,
    token_hash     bytea NOT NULL UNIQUE -- the operator token that reaches this world only
);

CREATE TABLE campaigns (
    id            bigint PRIMARY KEY CHECK (id > 0),
    business_id   bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    name          text NOT NULL,
    model         text NOT NULL,
    availability  text NOT NULL DEFAULT 'AVAILABLE',
    warehouse_id  bigint NOT NULL
);
CREATE INDEX campaigns_of_a_business ON campaigns (business_id, id);

CREATE TABLE api_keys (
    hash          bytea PRIMARY KEY,     -- HMAC-SHA-256 of the token, keyed with secrets.value
    business_id   bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id            bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix        text NOT NULL,
    scopes        text[] NOT NULL,
    oauth         boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE UNIQUE INDEX one_live_key_of_a_name ON api_keys (business_id, name) WHERE revoked_at IS NULL;

CREATE TABLE secrets (
    name   text PRIMARY KEY,
    value  bytea NOT NULL
);
INSERT INTO secrets SELECT 'api_keys', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea);

-- Ids are leased in blocks per business, below 2^53, so that every JSON reader can hold them.
CREATE TABLE ids (
    business_id  bigint PRIMARY KEY REFERENCES businesses ON DELETE CASCADE,
    next         bigint NOT NULL CHECK (next < 9007199254740992)
);

-- One order is one row: the aggregate in `body`, beside it only what lists and timers look for.
CREATE TABLE orders (
    business_id       bigint NOT NULL,
    order_id          bigint NOT NULL,
    campaign_id       bigint NOT NULL,
    version           integer NOT NULL,
    format            smallint NOT NULL,
    model             text NOT NULL,
    status            text NOT NULL,
    substatus         text NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    look_at           timestamptz,       -- when the clock should look at the order, null if it waits for nothing
    ships_on          date,
    external_id       text,
    buyer_type        text NOT NULL,
    dispatch          text,
    source_platform   text NOT NULL,
    fake              boolean NOT NULL,
    has_cis           boolean NOT NULL,
    cancel_requested  boolean NOT NULL,
    estimated         boolean NOT NULL,
    body              jsonb NOT NULL,
    PRIMARY KEY (business_id, order_id)
) WITH (fillfactor = 60, toast_tuple_target = 8160);
ALTER TABLE orders ALTER COLUMN body SET STORAGE MAIN;
CREATE INDEX orders_newest_of_a_business ON orders (business_id, created_at DESC, order_id DESC);
CREATE INDEX orders_newest_of_a_campaign ON orders (campaign_id, created_at DESC, order_id DESC);
CREATE INDEX orders_to_look_at ON orders (business_id, look_at) WHERE look_at IS NOT NULL;
CREATE INDEX orders_by_external_id ON orders (business_id, external_id) WHERE external_id IS NOT NULL;

-- One row for each version of an order, without gaps. `change_id` tells after a lost connection whether a save arrived.
CREATE TABLE history (
    business_id  bigint NOT NULL,
    order_id     bigint NOT NULL,
    version      integer NOT NULL,
    change_id    uuid NOT NULL,
    at           timestamptz NOT NULL,
    actor        text NOT NULL,
    act          text NOT NULL,
    status       text NOT NULL,
    substatus    text NOT NULL,
    events       jsonb NOT NULL,
    PRIMARY KEY (business_id, order_id, version)
);

-- What sellers are still to be told. Read it by order and version: ids are not in the order of commits.
CREATE TABLE outbox (
    business_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    campaign_id  bigint NOT NULL,
    order_id     bigint NOT NULL,
    version      integer NOT NULL,
    type         text NOT NULL,
    at           timestamptz NOT NULL,
    body         jsonb NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    PRIMARY KEY (business_id, id)
);

-- Asynchronous changes are found by themselves; status is written with the order's change.
CREATE TABLE operations (
    business_id  bigint NOT NULL,
    id           text NOT NULL,
    type         text NOT NULL,
    campaign_id  bigint NOT NULL,
    order_id     bigint NOT NULL,
    status       text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (business_id, id)
);
CREATE INDEX operations_of_an_order ON operations (business_id, order_id);

-- What is on the shelf (null: unlimited), and a ledger of what orders hold of it.
CREATE TABLE stock (
    business_id  bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    offer_id     text NOT NULL,
    count        bigint CHECK (count >= 0),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, campaign_id, offer_id)
);
CREATE TABLE stock_movements (
    business_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    campaign_id  bigint NOT NULL,
    offer_id     text NOT NULL,
    order_id     bigint NOT NULL,
    version      integer NOT NULL,
    held         integer NOT NULL,
    PRIMARY KEY (business_id, id)
);

CREATE TABLE idempotency (
    business_id  bigint NOT NULL,
    key          text NOT NULL,
    request      bytea NOT NULL,         -- SHA-256 of method, path and body
    answer       jsonb,
    made_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (business_id, key)
);
