"""The pages of posts at the desk: posts and terms, routing, and the offices that watch."""
