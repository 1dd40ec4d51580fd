"""Renewing prescriptions: which one, an explicit "tak", the portal's word (R101)."""
