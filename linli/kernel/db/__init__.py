"""Database backends: Django's own, taught about tenants' keys (docs/adr/0001 and 0002)."""
