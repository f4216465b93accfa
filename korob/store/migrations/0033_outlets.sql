-- Points where buyers of DBS campaigns pick up their parcels. What is looked for stands beside the aggregate.
CREATE TABLE outlets (
    business_id       bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id                bigint NOT NULL,
    campaign_id       bigint NOT NULL,
    shop_outlet_code  text,
    region_id         bigint NOT NULL REFERENCES regions,
    body              jsonb NOT NULL,
    PRIMARY KEY (business_id, id)
);
CREATE INDEX outlets_of_a_campaign ON outlets (business_id, campaign_id, id);
-- A campaign calls one outlet by one code.
CREATE UNIQUE INDEX one_outlet_of_a_code ON outlets (business_id, campaign_id, shop_outlet_code)
    WHERE shop_outlet_code IS NOT NULL;

-- Days are those of the outlet's own calendar.
CREATE TABLE outlet_licenses (
    business_id  bigint NOT NULL,
    id           bigint NOT NULL,
    outlet_id    bigint NOT NULL,
    type         text NOT NULL,
    number       text NOT NULL,
    issued_on    date NOT NULL,
    expires_on   date NOT NULL CHECK (expires_on >= issued_on),
    told_at      timestamptz NOT NULL,
    PRIMARY KEY (business_id, id),
    FOREIGN KEY (business_id, outlet_id) REFERENCES outlets (business_id, id) ON DELETE CASCADE
);
CREATE INDEX licenses_of_an_outlet ON outlet_licenses (business_id, outlet_id);
