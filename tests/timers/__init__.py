"""What the clock does unasked."""
