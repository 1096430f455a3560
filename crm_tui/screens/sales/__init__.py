"""The till and what follows from it."""
