"""Several rooms on one page: the menu's figures, a customer with all that happened."""
