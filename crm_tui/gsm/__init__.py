"""SMS objects and the language of modems. Knows nothing of the shop."""
