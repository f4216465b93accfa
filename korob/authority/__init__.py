"""The code authority outside: how it is asked, in the background, and what becomes of its answers."""
