"""The screens: they show and ask, and hold no rule."""
