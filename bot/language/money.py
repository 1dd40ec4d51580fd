"""Amounts of PLN for replies."""

from __future__ import annotations

from decimal import Decimal


def in_pln(value: Decimal) -> str:
    """„1 200,50 zł”, „650 zł”; a hard blank between thousands, so that no line breaks a number."""
    whole, _, cents = f"{value:,.2f}".partition(".")
    number = whole.replace(",", "\u00a0") + ("" if cents == "00" else f",{cents}")
    return f"{number}\u00a0zł"
