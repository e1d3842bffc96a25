"""The forms of the room, by audience."""
