"""Booking: visits by phone and on site, tests, rehabilitation, occupational medicine, follow-ups."""
