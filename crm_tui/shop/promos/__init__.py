"""One text to chosen customers: audience, sending, results, and the prices that follow from it."""
