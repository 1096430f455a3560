"""Who buys: people and their numbers, cards, merging, what they asked for in vain."""
