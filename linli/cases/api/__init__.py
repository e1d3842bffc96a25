"""Cases for other systems: the same services as the pages, in another coat."""
