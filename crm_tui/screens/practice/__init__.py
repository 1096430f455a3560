"""What the practice shop has beside the counter."""
