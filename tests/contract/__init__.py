"""What goes over the wire, held to the published contract."""
