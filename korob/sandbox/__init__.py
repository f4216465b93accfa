"""The front of the one who tests: worlds, their clocks and inboxes. Registered in sandbox mode only."""
