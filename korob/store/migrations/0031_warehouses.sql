-- Where the goods of a campaign lie: the seller's own place, or for FBY and LaaS one of the Market's.
CREATE TABLE warehouse_groups (
    business_id  bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    name         text NOT NULL,
    PRIMARY KEY (business_id, id)
);
CREATE TABLE warehouses (
    business_id  bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id           bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    name         text NOT NULL,
    city         text,
    street       text,
    number       text,
    latitude     numeric,
    longitude    numeric,
    group_id     bigint,                 -- warehouses of one group have one common stock
    enabled      boolean NOT NULL DEFAULT true,
    PRIMARY KEY (business_id, id),
    UNIQUE (business_id, campaign_id),
    FOREIGN KEY (business_id, group_id) REFERENCES warehouse_groups (business_id, id),
    -- An address is shown with its point on the map or not at all.
    CHECK (num_nulls(city, latitude, longitude) IN (0, 3))
);
INSERT INTO warehouses (business_id, id, campaign_id, name)
SELECT business_id, warehouse_id, id, name FROM campaigns;

-- What getCampaignSettings tells: where the campaign is at home, and its rate of value added tax.
ALTER TABLE campaigns ADD COLUMN local_region_id bigint NOT NULL DEFAULT 213;
ALTER TABLE campaigns ADD COLUMN vat text NOT NULL DEFAULT 'VAT_22';
