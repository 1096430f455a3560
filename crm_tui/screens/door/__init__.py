"""What stands before the menu: opening, first start, login, lock."""
