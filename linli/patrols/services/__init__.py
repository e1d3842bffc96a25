"""Everything that changes the room, by story."""
