"""邻里: the house of a community's common work, one package a room (docs/map.md)."""
