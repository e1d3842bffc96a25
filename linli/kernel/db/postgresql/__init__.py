"""PostgreSQL with or without Citus: tenants' tables get keys that hold the tenant (docs/adr/0001)."""
