-- What ended on a day was placed days before: in an index of all that changed then, each page began behind all newer orders.
-- An order comes into this one when it ends, once; no write before touches it.
CREATE INDEX orders_by_day_of_end ON orders (campaign_id, fake, updated_day, status, created_at DESC, order_id DESC)
    WHERE status IN ('DELIVERED', 'CANCELLED');
