"""The shop's rules. A public command takes a `Context` first; nothing here knows a screen."""
