"""Several processes at the same orders at once."""
