"""Every SMS in and out, what may be sent, and the texts of the answers."""
