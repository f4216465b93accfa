"""The rules by themselves: no database, no clock."""
