"""Opinions, praise and suggestions: in the patient's words, read back, sent to the portal (R142-R144)."""
