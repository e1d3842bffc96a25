"""The board (榜): what concerns all can be seen by all."""
