-- The same for all businesses. Filled at every start with what this version of the program knows, so that a region or
-- a delivery service comes with the version that brings it; what a version does not know any more stays, since
-- outlets and settings may name it.
CREATE TABLE regions (
    id            bigint PRIMARY KEY,
    name          text NOT NULL,
    type          text NOT NULL,
    parent_id     bigint REFERENCES regions,
    path          bigint[] NOT NULL,     -- from the country down to the region itself
    country_code  text UNIQUE CHECK (country_code ~ '^[A-Z]{2}$'),
    ahead         smallint,              -- hours that its clocks are ahead of UTC, where one number holds for all of it
    CHECK (path[cardinality(path)] = id)
);
CREATE INDEX regions_of_a_parent ON regions (parent_id, id);

CREATE TABLE delivery_services (
    id    bigint PRIMARY KEY CHECK (id > 0),
    name  text NOT NULL
);

-- A region with its chain, each array from the country down to the region itself.
CREATE VIEW regions_in_full AS
SELECT regions.*, chain.names, chain.types
FROM regions
CROSS JOIN LATERAL (
    SELECT array_agg(above.name ORDER BY place) AS names, array_agg(above.type ORDER BY place) AS types
    FROM unnest(regions.path) WITH ORDINALITY AS step (id, place)
    JOIN regions above USING (id)
) chain;
