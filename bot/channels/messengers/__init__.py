"""Messengers: one core over the front desk, and a thin adapter for each vendor."""
