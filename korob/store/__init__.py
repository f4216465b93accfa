"""What remembers: PostgreSQL, and the only SQL there is."""
