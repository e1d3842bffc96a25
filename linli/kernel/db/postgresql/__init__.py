"""PostgreSQL, with or without Citus: tenants' tables get keys that hold the tenant."""
