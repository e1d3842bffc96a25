"""Stories of the room indicators."""
