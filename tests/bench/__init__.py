"""Whether the bench still fits the program that it measures."""
