"""Branches of one firm: goods, points, people and prices that go from one to another."""
