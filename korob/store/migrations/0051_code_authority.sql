-- Whether orders of the campaign wait for their mandatory CIS before READY_TO_SHIP.
ALTER TABLE campaigns ADD COLUMN cis_gate boolean NOT NULL DEFAULT true;

-- What the code authority answers in a world, the first rule that fits a code.
CREATE TABLE code_rules (
    business_id  bigint PRIMARY KEY REFERENCES businesses ON DELETE CASCADE,
    rules        jsonb NOT NULL
);
