"""Facilities: own ones by town and district, partner facilities near a town (R66-R76)."""
