"""Figures (数): honest numbers, each defined once and opening on its rows."""
