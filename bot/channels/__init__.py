"""The front desk: who is it, seen before, clean text, emergency, button, lock, answer, number, keep."""
