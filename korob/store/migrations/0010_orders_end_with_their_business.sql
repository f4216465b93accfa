-- An order placed while its world is being deleted either goes with it or is refused; none is left behind.
ALTER TABLE orders ADD FOREIGN KEY (business_id) REFERENCES businesses ON DELETE CASCADE;
