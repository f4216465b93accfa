"""What helps to build Korob and is no part of it."""
