"""What the patient does at a reply: compares, chooses, agrees, tries again, gives up politely."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rehearsal.expect import offered
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.agenda import REVEALED, Agenda
from bot.rehearsal.tasks.choosing import fitting_slot, named_button, slot_fits_text
from bot.rehearsal.tasks.task import Said
from bot.rehearsal.tasks.wordings import seed_of

Reaction = Callable[[Agenda, Reply, Sequence[Reply]], Said | None]
_MORE = 3
"""How often other slots are asked for when none on offer suits."""


def choose_slot(agenda: Agenda, replies: Sequence[Reply]) -> Said | None:
    """The slot on offer that suits, by number, hour or tap; else others are asked for."""
    assert agenda.goal is not None
    slots = offered(replies)
    limits = agenda.limits()
    open_slots = [slot if slot["start"] not in agenda.clashing else {} for slot in slots]
    found = fitting_slot(open_slots, limits, agenda.catalogue, last=agenda.goal.picks == "last")
    untold = [slot for slot in REVEALED if slot in agenda.goal.values and slot not in agenda.told]
    if found is None and untold:
        return agenda.tell(untold[0], replies[-1])
    if found is None:
        agenda.more += 1
        if agenda.more > _MORE:
            return agenda.give_up("nothing on offer suits")
        return agenda.say("show_more", {})
    agenda.chosen = str(slots[found.index]["start"])
    reply = next(r for r in reversed(replies) if (r.values.get("facts") or {}).get("slots"))
    ways = ["number", "press", "time"] if found.only_at_hour else ["number", "press"]
    way = ways[(seed_of(agenda.task.name, "way") + agenda.trial) % len(ways)]
    if way == "press" and len(reply.buttons) > found.index:
        label, payload = reply.buttons[found.index]
        return Said(label, "press", payload)
    if way == "time" and len(slots) > 1:
        return agenda.say("choose_time", {"time": found.hour})
    return agenda.say("choose_number", {"number": str(found.index + 1)})


def judge(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """Compares what is read back with the goal: yes, or what is wrong."""
    assert agenda.goal is not None
    if agenda.goal.gives_up:
        return agenda.over(agenda.say("stop", {}))
    if agenda.wrong & agenda.told:
        return agenda.put_right()
    problems = slot_fits_text(agenda.limits(), reply.text, agenda.task.clock)
    if problems:
        agenda.confused = agenda.confused or f"read back: {problems[0]}"
        if agenda.miss():
            return agenda.give_up("what was read back is not what was wanted")
        return agenda.say("wrong_read_back", {})
    return agenda.agree(reply)


def judge_visit(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    assert agenda.goal is not None
    if agenda.goal.gives_up:
        return agenda.over(agenda.say("keep", {}))
    problems = slot_fits_text(agenda.goal.limits, reply.text, agenda.task.clock)
    if problems:
        return agenda.give_up(f"the wrong visit: {problems[0]}")
    return agenda.agree(reply)


def agree(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    assert agenda.goal is not None
    return agenda.over(agenda.say("keep", {})) if agenda.goal.gives_up else agenda.agree(reply)


def done(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """The goal is reached; the next one follows."""
    agenda.next_goal()
    return agenda.open()


def choose_another(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """The chosen slot clashes with another visit: another day."""
    agenda.clashing.add(agenda.chosen)
    return agenda.give_up("every slot clashes") if agenda.miss() else agenda.say("other_day", {})


def stop(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    agenda.ended = True
    return None


def choose_what(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """Which service of several: the goal's kind of visit or its name."""
    assert agenda.goal is not None
    for slot in ("service", "how", "what"):
        value = agenda.goal.known(slot)
        found = named_button(agenda.wordings.label(slot, value), reply) if value else None
        if found is not None:
            return Said(found[0], "press", found[1], slot="what")
    return agenda.tell("what", reply)


def choose_doctor(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    assert agenda.goal is not None
    wanted = str(agenda.goal.limits.get("doctor") or "")
    found = named_button(wanted, reply) if wanted else None
    return Said(found[0], "press", found[1], slot="doctor") if found else agenda.tell("doctor", reply)


def choose_visit(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """The visit that is meant, on a list of one's own visits."""
    assert agenda.goal is not None
    matching = [
        number
        for number, (label, _) in enumerate(reply.buttons)
        if not slot_fits_text(agenda.goal.limits, label, agenda.task.clock, short=True)
    ]
    if len(matching) != 1:
        return agenda.give_up("the visit is not on the list")
    if agenda.last is not None and agenda.last.slot == "visit" and agenda.miss():
        return agenda.give_up("asked which visit again and again")
    number = matching[0]
    if agenda.fancy("press"):
        label, payload = reply.buttons[number]
        return Said(label, "press", payload, slot="visit")
    said = agenda.say("choose_visit_number", {"number": str(number + 1)})
    return Said(said.text, said.act, slot="visit")


def look_at_alternatives(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """Nothing free: an alternative that breaks no limit, or nothing."""
    for label, payload in reply.buttons:
        if any(char.isdigit() for char in label) and not slot_fits_text(
            agenda.limits(), label, agenda.task.clock, short=True
        ):
            return Said(label, "press", payload)
    return agenda.over(agenda.say("no_thanks", {}))


def retry(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """Tries once more, twice at most."""
    agenda.retries += 1
    if agenda.retries > 2:
        agenda.ended = True
        return None
    return agenda.say("try_again", {})


def rephrase(agenda: Agenda, reply: Reply, replies: Sequence[Reply]) -> Said | None:
    """Not understood: the same in other words; after two tries a person is asked for."""
    if agenda.miss():
        return agenda.give_up("not understood again and again")
    last = agenda.last
    if last is None or last.act == "press":
        return agenda.give_up("a button was not understood")
    if last.act in {"confirm", "choose_number", "choose_time"}:
        return agenda.say(last.act, agenda.known() | {"number": "1"})
    values = agenda.known()
    said = agenda.say(last.act, values)
    return Said(said.text, said.act, slot=last.slot, interrupts=last.interrupts)


REACTIONS: Mapping[str, Reaction] = {
    reaction.__name__: reaction
    for reaction in (
        judge,
        judge_visit,
        agree,
        done,
        choose_another,
        stop,
        choose_what,
        choose_doctor,
        choose_visit,
        look_at_alternatives,
        retry,
        rephrase,
    )
} | {"accept": done, "end": stop}
"""Reactions by the name that `reactions.yml` and task files use."""


def default_reaction(replies: Sequence[Reply]) -> tuple[Reply, Mapping[str, Any]] | None:
    """What anybody would do at these replies, the last question first."""
    for rule in _reactions():
        for reply in reversed(replies):
            if fnmatch(reply.response, str(rule["at"])):
                return reply, rule
    return None


@cache
def _reactions() -> list[Mapping[str, Any]]:
    path = Path(__file__).with_name("reactions.yml")
    rules: list[Mapping[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rules
