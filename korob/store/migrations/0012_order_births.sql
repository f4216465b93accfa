-- A world may be made anew with the ids of one that was deleted. Which of the two orders of an id another process
-- remembers is told by the birth: a number that no two orders ever share.
CREATE SEQUENCE order_births;
ALTER TABLE orders ADD COLUMN birth bigint NOT NULL DEFAULT nextval('order_births');
