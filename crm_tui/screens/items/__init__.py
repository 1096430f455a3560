"""Items and their stock."""
