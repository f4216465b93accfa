-- A BRIN index can only be scanned for a bitmap, which our sessions leave out.
DROP INDEX attempts_by_age;
CREATE INDEX attempts_by_age ON attempts (made_at);
CREATE INDEX outbox_by_age ON outbox (at, business_id, id) WHERE dispatched;

-- What is forgotten must not be on its way any more, nor be sent again at that very moment.
ALTER TABLE deliveries ADD FOREIGN KEY (business_id, outbox_id) REFERENCES outbox;
