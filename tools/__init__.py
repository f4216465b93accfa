"""What is used around the code, and not by it."""
