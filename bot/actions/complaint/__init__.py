"""Complaints: what happened, where, when, how to answer; read back, and filed after a "tak" (R141, R145)."""
