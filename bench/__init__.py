"""How fast Korob is, beside a plain program and beside bare PostgreSQL: measured comparisons."""
