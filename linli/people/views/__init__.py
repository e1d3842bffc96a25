"""The pages of people, by who opens them."""
