"""What is sold: cards, prices, stock and its counting."""
