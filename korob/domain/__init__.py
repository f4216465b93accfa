"""The rules: pure functions over frozen values. Nothing here reads a clock or talks to anybody."""
