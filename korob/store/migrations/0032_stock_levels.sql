-- `updated_at` is the moment for which the seller told the count; null while nobody has told one.
ALTER TABLE stock ALTER COLUMN updated_at DROP NOT NULL, ALTER COLUMN updated_at DROP DEFAULT;
UPDATE stock SET updated_at = NULL WHERE count IS NULL;

-- The ledger's rows up to the moment of a count are added up here when it is told: who told it has seen them.
ALTER TABLE stock ADD COLUMN held bigint NOT NULL DEFAULT 0;

-- Units that left the shelf with a parcel, and when: what was told before is less by so many.
ALTER TABLE stock_movements ADD COLUMN gone integer NOT NULL DEFAULT 0;
ALTER TABLE stock_movements ADD COLUMN at timestamptz NOT NULL DEFAULT now();
ALTER TABLE stock_movements ALTER COLUMN at DROP DEFAULT;
CREATE INDEX stock_movements_of_an_offer ON stock_movements (business_id, campaign_id, offer_id);
