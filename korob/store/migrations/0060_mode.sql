-- The mode that the database is worked on in: that of the first who served it or worked for it, until it is changed on
-- purpose. What runs in another one beside it would do what must not be done there.
CREATE TABLE mode (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    mode  text NOT NULL CHECK (mode IN ('sandbox', 'production'))
);
