"""Customers, their ranking and rewards."""
