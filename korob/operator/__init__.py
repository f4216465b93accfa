"""The front of the one who runs the marketplace."""
