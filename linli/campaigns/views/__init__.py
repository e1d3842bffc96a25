"""The pages of campaigns and of the three lists."""
