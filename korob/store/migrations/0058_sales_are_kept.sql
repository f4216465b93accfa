-- How fast the Market's shelves empty is told by the parcels of many days, those before the last count too: these stay in
-- the ledger, marked as added up.
ALTER TABLE stock_movements ADD COLUMN seen boolean NOT NULL DEFAULT false;
