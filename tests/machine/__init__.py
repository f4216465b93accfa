"""Machines that play with Korob at random and know what must come of it."""
