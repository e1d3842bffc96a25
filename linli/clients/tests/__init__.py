"""Stories of the room clients."""
