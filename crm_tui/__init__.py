"""crm-tui: customer relations over SMS for a spare-parts shop, in a terminal."""

__version__ = "0.1.0"
