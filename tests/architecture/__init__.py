"""The shape of the house, read from the code itself."""
