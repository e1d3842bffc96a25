"""Everything that changes campaigns and the three lists, by story."""
