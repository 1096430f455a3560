"""Upkeep: what keeps the shop's files in bounds over the years, and everything taken out of them."""
