"""Good customers: scores, tiers, points, rewards."""
