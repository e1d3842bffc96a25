"""Stories of the room publishing."""
