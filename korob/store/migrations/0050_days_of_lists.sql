-- A month of shipments in every status was read status by status, day by day: most of these hundreds of places are empty.
-- With the status at the end a day is one place, and entries of other statuses are passed without a look at the orders.
DROP INDEX orders_by_shipment;
CREATE INDEX orders_by_shipment ON orders (campaign_id, fake, ships_on, created_at DESC, order_id DESC, status)
    WHERE ships_on IS NOT NULL;

-- Changes of a day or more are found by the day (Moscow's), not in each of its hours. An order's day of change is another
-- one only when its hour is, so no write that left the indexes alone comes to touch them.
ALTER TABLE orders ADD COLUMN updated_day date NOT NULL
    GENERATED ALWAYS AS ((updated_at AT TIME ZONE 'UTC' + interval '3 hours')::date) STORED;
CREATE INDEX orders_by_day_of_update ON orders
    (campaign_id, fake, updated_day, created_at DESC, order_id DESC, status);
