"""Cancelling booked visits, and finding the one that is meant (also to move it)."""
