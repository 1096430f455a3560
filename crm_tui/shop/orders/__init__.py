"""What customers ordered by SMS: placed, decided, changed, asked about."""
