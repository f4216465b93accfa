-- Names that sellers choose have no greatest length, and an entry of an index has: it is of their digests.
DROP INDEX orders_by_external_id;
CREATE INDEX orders_by_external_id ON orders (business_id, md5(external_id)) WHERE external_id IS NOT NULL;

-- A campaign calls one outlet by one code.
DROP INDEX one_outlet_of_a_code;
CREATE UNIQUE INDEX one_outlet_of_a_code ON outlets (business_id, campaign_id, md5(shop_outlet_code))
    WHERE shop_outlet_code IS NOT NULL;
