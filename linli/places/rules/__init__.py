"""Calculations about places: names, paths, codes. No ORM, no clock, no HTTP."""
