-- Where old calls were, new ones are written: soon each part of the table has, by what a BRIN index remembers of it, calls
-- of every age, and looking for the oldest ones read them all.
DROP INDEX request_log_by_day;
CREATE INDEX request_log_by_age ON request_log (at);
