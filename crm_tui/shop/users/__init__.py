"""Who works here: users, roles, the login, and the shop's founding."""
