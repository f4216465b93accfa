-- A month of shipments in every status was read status by status, day by day: most of these hundreds of places are empty.
-- With the status at the end a day is one place, and entries of other statuses are passed without a look at the orders.
DROP INDEX orders_by_shipment;
CREATE INDEX orders_by_shipment ON orders (campaign_id, fake, ships_on, created_at DESC, order_id DESC, status)
    WHERE ships_on IS NOT NULL;
