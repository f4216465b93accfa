"""What sellers are told."""
