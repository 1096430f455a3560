"""What an SMS leads to: its reading, all effects, and the limits of answering."""
