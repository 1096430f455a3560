"""Orders and messages."""
