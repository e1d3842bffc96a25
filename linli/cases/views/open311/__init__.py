"""Open311 GeoReport v2, and FixMyStreet's updates beside it: the same services as the pages."""
