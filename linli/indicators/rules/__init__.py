"""What is counted, and how a figure comes of it. No ORM, no clock."""
