"""The front: what comes in, what goes out."""
