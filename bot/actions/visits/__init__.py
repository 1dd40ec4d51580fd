"""Visits talked about: what is booked, what there was, what the clinic called off."""
