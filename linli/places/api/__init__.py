"""Places for other systems: areas, houses, codes."""
