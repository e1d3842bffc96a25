"""Every question about campaigns and the three lists."""
