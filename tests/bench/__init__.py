"""The bench, as far as it could be wrong without anybody seeing it."""
