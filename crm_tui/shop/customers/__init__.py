"""Customers: their numbers, cards, merging, and what they asked for in vain."""
