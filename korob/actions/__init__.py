"""What can be done to an order: one verb a file, each names the order and the decision."""
