"""Data: tables, roles, splits, the cache, and samples made for demonstration."""
