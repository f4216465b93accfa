-- What is old is gone through in order, some rows at a time; a BRIN index knows no order.
DROP INDEX attempts_by_age;
CREATE INDEX attempts_by_age ON attempts (made_at);
CREATE INDEX outbox_by_age ON outbox (at, business_id, id) WHERE dispatched;

-- What is forgotten must not be on its way any more, nor be sent again at that very moment.
ALTER TABLE deliveries ADD FOREIGN KEY (business_id, outbox_id) REFERENCES outbox;

-- What is counted only ever grows, also when a subscription goes with its counts.
CREATE TABLE knocks_of_the_gone (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    knocked  bigint NOT NULL DEFAULT 0,
    failed   bigint NOT NULL DEFAULT 0
);
INSERT INTO knocks_of_the_gone DEFAULT VALUES;
