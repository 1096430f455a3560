"""The one way in: context, permissions, commands, settings, listings, and what all rooms lean on."""
