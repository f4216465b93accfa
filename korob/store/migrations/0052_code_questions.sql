-- Orders with codes that an authority outside is to be asked about; written with the order's change, by the wall's time.
-- `version` is that of the order when it was asked last: a row is done with only if nothing was asked since.
CREATE TABLE code_questions (
    business_id  bigint NOT NULL,
    order_id     bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    version      integer NOT NULL,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    next_at      timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    trouble      text,                   -- what was wrong with the last attempt, null if nothing was
    PRIMARY KEY (business_id, order_id)
);
CREATE INDEX code_questions_next ON code_questions (next_at);
