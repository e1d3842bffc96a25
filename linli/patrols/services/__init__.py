"""Everything that changes the room."""
