"""What the desk may send about places, by topic: areas, houses."""
