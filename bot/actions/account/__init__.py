"""The account: its version, and confirming identity step by step (R1-R18)."""
