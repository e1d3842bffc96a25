"""Every change of the room: counting, rebuilding, targets, reports."""
