-- Which orders a marking code was ever given for; whether one still has it, its body tells. Written with the order's change.
CREATE TABLE given_codes (
    business_id  bigint NOT NULL,
    code         text NOT NULL,          -- as codes are compared: of a CIS the part before its tail
    order_id     bigint NOT NULL,
    value        text NOT NULL,          -- as it was given last
    PRIMARY KEY (business_id, code, order_id)
);
