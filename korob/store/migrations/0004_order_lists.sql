-- A list shows orders newest first. An index that has all columns which a filter fixes, and after them the order of the
-- list, gives a page without reading what is not on it, however many orders there are; so a list is merged from
-- branches, one for each combination of fixed columns. Every write that changes an indexed column writes an entry into
-- every index, so none of them has a column that changes with the items, boxes or codes of an order.
DROP INDEX orders_newest_of_a_business;
DROP INDEX orders_newest_of_a_campaign;
CREATE INDEX orders_newest ON orders (campaign_id, fake, created_at DESC, order_id DESC);

-- Changes only when the order moves.
CREATE INDEX orders_by_state ON orders (campaign_id, fake, status, substatus, created_at DESC, order_id DESC);
CREATE INDEX orders_by_shipment ON orders (campaign_id, fake, ships_on, status, created_at DESC, order_id DESC)
    WHERE ships_on IS NOT NULL;

-- The moment of the last change is another one with each write; its hour, a column of its own, seldom is.
ALTER TABLE orders ADD COLUMN updated_hour timestamp NOT NULL
    GENERATED ALWAYS AS (date_trunc('hour', updated_at AT TIME ZONE 'UTC')) STORED;
-- The status at the end of it is for sorting out entries without a look at the orders.
CREATE INDEX orders_by_update ON orders (campaign_id, fake, updated_hour, created_at DESC, order_id DESC, status);

-- What few orders are. These indexes are small, and most writes don't touch them.
CREATE INDEX orders_waiting ON orders (campaign_id, fake, created_at DESC, order_id DESC) WHERE cancel_requested;
CREATE INDEX orders_estimated ON orders (campaign_id, fake, created_at DESC, order_id DESC) WHERE estimated;
CREATE INDEX orders_marked ON orders (campaign_id, fake, created_at DESC, order_id DESC) WHERE has_cis;
CREATE INDEX orders_of_companies ON orders (campaign_id, fake, created_at DESC, order_id DESC)
    WHERE buyer_type = 'BUSINESS';
CREATE INDEX orders_to_outlets ON orders (campaign_id, fake, dispatch, created_at DESC, order_id DESC)
    WHERE dispatch IS NOT NULL AND dispatch <> 'BUYER';
CREATE INDEX orders_from_elsewhere ON orders (campaign_id, fake, source_platform, created_at DESC, order_id DESC)
    WHERE source_platform <> 'MARKET';
