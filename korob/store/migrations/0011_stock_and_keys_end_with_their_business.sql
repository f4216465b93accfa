-- What is written beside orders must not outlive a deleted world either: its id may soon be another world's.
ALTER TABLE stock ADD FOREIGN KEY (business_id) REFERENCES businesses ON DELETE CASCADE;
ALTER TABLE idempotency ADD FOREIGN KEY (business_id) REFERENCES businesses ON DELETE CASCADE;
