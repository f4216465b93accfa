"""The front that sellers' programs call."""
