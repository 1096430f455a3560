"""Who is good: scores, tiers, points, rewards."""
