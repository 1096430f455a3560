"""Users, roles, audit, settings."""
