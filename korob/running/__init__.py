"""One installation on one machine: what it is started with, started by, and remembers."""
