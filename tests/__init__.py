"""What spans rooms: the guard over SQL, the house's architecture, journeys in a browser."""
