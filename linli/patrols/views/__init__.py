"""The pages of patrols, by audience."""
