"""Screens of a branch in a chain: what travels, what others have, the head office."""
