"""Other systems (联): the keys they act with, their limits, and what they are told by webhook."""
