"""Backups: made by themselves and checked, sealed, kept by a schedule, restored and rehearsed."""
