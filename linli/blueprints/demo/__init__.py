"""The demo: five communities with people who never were, and ninety days in which they lived."""
