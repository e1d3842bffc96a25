"""Commands of messages for those who operate or try things out."""
