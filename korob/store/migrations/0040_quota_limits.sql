-- What the operator set for a method of one business; null is as usual. Read with the key, like campaigns.
CREATE TABLE quota_limits (
    business_id  bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    operation    text NOT NULL,
    amount       bigint CHECK (amount >= 0),
    per          interval CHECK (per > interval '0'),
    parallel     integer CHECK (parallel >= 0),
    PRIMARY KEY (business_id, operation)
);
