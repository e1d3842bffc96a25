"""Every question about the room."""
