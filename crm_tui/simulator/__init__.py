"""A modem that is not there: for the practice shop, for tests, and for programs of others."""
