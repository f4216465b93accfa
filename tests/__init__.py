"""Tests mirror the package; each is a short story with a true title."""
