"""Handing a conversation over to a person, and taking it back."""
