"""Moving a booked visit to another term (R60)."""
