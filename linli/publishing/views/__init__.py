"""The pages of the board: what everybody reads, what staff write, what machines fetch."""
