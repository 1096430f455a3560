"""F1 and F2."""
