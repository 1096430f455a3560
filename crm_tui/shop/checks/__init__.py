"""Checks: whether the store is whole, found out beside the work, kept and told."""
