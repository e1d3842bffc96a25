"""Commands of those who operate the product."""
