"""Benchmarks: they print a table and are not tests. `make bench` runs them; see docs/performance.md."""
