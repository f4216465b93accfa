"""The plain program: the same four methods, as a good team would write them in a week with the usual libraries."""
