"""The pages of care, by audience."""
