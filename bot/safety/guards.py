"""What takes the danger out of a sign: negation, the past, a general question, a booking, a long history."""

from __future__ import annotations

from collections.abc import Mapping

from bot.safety.reading import Reading

Hit = tuple[int, int]
"""First and last token of a sign."""

DOUBTS = ("past", "complaint", "general", "admin", "chronic", "negation", "withdrawn")
"""Guards that speak against a danger now."""
_NEGATION_REACH = 3
"""Words that may stand between „nie” and what it negates („nie mam już żadnych duszności”)."""
_LITTLE_REACH = 1
"""The same for „bez”: "bez kasku, teraz wymiotuje" denies the helmet alone."""
_WITHOUT = "bez"
_AFTER_REACH = 3
"""Words between a sign and its withdrawal at the end of a clause („duszności na szczęście nie mam”)."""


class Guards:
    """The guards of one message, by the tokens where their words stand."""

    def __init__(self, reading: Reading, found: Mapping[str, list[tuple[int, int]]]) -> None:
        self._reading = reading
        self.places = {
            name: [(reading.token_at(start), reading.token_at(end - 1)) for start, end in spans]
            for name, spans in found.items()
        }
        self._now = bool(self.places.get("now"))

    def spare(self, hit: Hit, *, soft: bool) -> bool:
        """Whether the sign is no danger now. A soft sign also gives way to bookings and long histories."""
        if self._negated(hit) or self._past(hit) or self._general(hit):
            return True
        return (
            soft and not self._now and (bool(self.places.get("admin")) or self._in_sentence("chronic", hit))
        )

    def _past(self, hit: Hit) -> bool:
        if self._in_sentence("now", hit):
            return False
        return self._in_sentence("past", hit) or self._complained(hit)

    def _complained(self, hit: Hit) -> bool:
        """Whether a complaint tells it; after a „ale” or an „a” it is told of now."""
        first, last = self._reading.sentence(hit[0])
        return any(
            first <= start < last and not any(end < turn <= hit[0] for turn, _ in self.places.get("but", ()))
            for start, end in self.places.get("complaint", ())
        )

    def _general(self, hit: Hit) -> bool:
        return self._in_sentence("general", hit) and not self._now

    def _negated(self, hit: Hit) -> bool:
        first, last = self._reading.clause(hit[0])
        harmless = {start for start, _ in self.places.get("negates_little", ())}
        for start, end in self.places.get("negation", ()):
            reach = _LITTLE_REACH if self._reading.tokens[start] == _WITHOUT else _NEGATION_REACH
            earliest = max(first, hit[0] - reach - 1)
            reaches = earliest <= start and end < hit[0] and start not in harmless
            if reaches and not self._turned(end, hit[0]):
                return True
        latest = min(last, hit[1] + _AFTER_REACH + 1)
        return any(
            hit[1] < start < latest and end + 1 == last for start, end in self.places.get("withdrawn", ())
        )

    def _turned(self, start: int, end: int) -> bool:
        """Whether a „ale” or „tylko” ends the reach of the negation."""
        return any(start < turn < end for turn, _ in self.places.get("turn", ()))

    def _in_sentence(self, name: str, hit: Hit) -> bool:
        spots = self.places.get(name)
        if not spots:
            return False
        first, last = self._reading.sentence(hit[0])
        return any(first <= start < last for start, _ in spots)
