"""The staff: users, roles, the login, and the shop's founding."""
