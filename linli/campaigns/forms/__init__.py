"""What may be sent on the pages of campaigns and of the three lists."""
