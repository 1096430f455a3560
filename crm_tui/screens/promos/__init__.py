"""Promos, and what was asked for in vain."""
