"""The first pages behind each door."""
