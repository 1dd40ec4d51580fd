"""Urgent help: the telephone first, then where duty is kept by town, problem, person and hour (R111-R122)."""
