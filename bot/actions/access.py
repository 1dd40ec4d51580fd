"""What the topics of a full account share: may this patient, whose records, and a booking in one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.answer import NOT_UNDERSTOOD, answer_to
from bot.actions.booking.slots import WHO
from bot.actions.booking.steps import REFUSED, Ctx, describer
from bot.actions.booking.who import SELF, NotOnAccountError, read_who, ref
from bot.actions.world import World
from bot.dialogue.hearing import about_the_proof, names_more
from bot.dialogue.state import PROOF, Frame, Option
from bot.dialogue.task import Task
from bot.dialogue.turn import Turn
from bot.language.cues import cue, synonyms
from bot.language.questions import asks
from bot.portal.errors import AuthProblem
from bot.portal.models import Me
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.outcome import NextStep, Outcome, Refused

BOOKING = "booking"
_ELLIPTICAL = 3
WAYS = "ways"
"""Stage: the ways to a full account were offered; "tak" shows them."""
_YES = frozenset({"affirm", "affirm_weak"})


class FullAccountTask(Task[World]):
    """A task of a full account: after a refusal "tak" shows how identity is confirmed (R4)."""

    only_asks = True
    down = "utter_portal_down_now"

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the ways out of a refusal."""
        if about == PROOF and (ctx.turn.intent in _YES or cue("file_is_there").heard(ctx.turn.text)):
            await self.advance(ctx)
            return True
        if about == PROOF and ctx.turn.intent != "deny" and about_the_proof(ctx.turn):
            step_up(ctx, _of_the_proof(ctx.turn))
            return True
        if about not in {WAYS, PROOF} or ctx.turn.intent not in _YES | {"deny"}:
            return False
        ctx.speaker.say("utter_task_left" if ctx.turn.intent == "deny" else "utter_confirm_identity")
        ctx.end()
        return True

    async def why(self, ctx: Ctx, about: str) -> bool:
        """Why the portal wants more proof."""
        if about == PROOF:
            step_up(ctx, "utter_explain_step_up")
        return about == PROOF

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """ "Spróbuj ponownie" after the portal failed."""
        await self.advance(ctx)

    async def take_again(self, ctx: Ctx, *names: str) -> bool:
        """Goes back to what these facts were asked for ("cofnij"); False when none of them is known."""
        known = [name for name in names if ctx.facts.pop(name, None) is not None]
        if known:
            await self.advance(ctx)
        return bool(known)


def told_how(ctx: Ctx) -> bool:
    """A question of how things are ("do kiedy ważne jest skierowanie?") is answered, not carried out."""
    general = f"utter_{ctx.turn.intent}"
    answer = answer_to(ctx.turn, ctx.speaker.texts)
    if ctx.frame.prompt is not None or ctx.facts or answer in {general, NOT_UNDERSTOOD}:
        return False
    ctx.speaker.say(answer)
    ctx.end()
    return True


async def admitted(ctx: Ctx, capability: Capability, info: str) -> bool:
    """Whether the account may use the module (R1, R3); says why not and ends the task.

    `info` is what a visitor who has not logged in is told.
    """
    if not ctx.world.logged_in:
        ctx.speaker.say(info)
        ctx.end()
        return False
    outcome = may_use(await ctx.world.me(), capability, ctx.world.now)
    return let_in(ctx, outcome)


def let_in(ctx: Ctx, outcome: Outcome) -> bool:
    """Says a refusal of the account and ends the task; False then."""
    if not isinstance(outcome, Refused):
        return True
    if outcome.code == "ACCOUNT_LEVEL_REQUIRED":
        _level(ctx, outcome)
    elif outcome.code == "STEP_UP_REQUIRED":
        step_up(ctx)
    else:
        ctx.speaker.say("utter_not_permitted", rule=outcome.rule, code=outcome.code)
        ctx.end()
    return False


def _level(ctx: Ctx, refused: Refused) -> None:
    """R4: the missing level and the ways to it; through a bank only from age 18 (R12)."""
    bank = NextStep.CONFIRM_IDENTITY in refused.remedies
    ways = ctx.speaker.texts.get("utter_piece_ways_to_full" if bank else "utter_piece_ways_to_full_no_bank")
    response = f"utter_refused_{refused.rule}"
    ctx.speaker.ask(WAYS, response, ways=ways, rule=refused.rule, code=refused.code)
    ctx.park()


def _of_the_proof(turn: Turn) -> str:
    """Response to what is said of the proof: how it is done, that it fails, or what comes after it."""
    if names_more(turn):
        return "utter_step_up_first"
    fails = cue("refused").heard(turn.text) and "?" not in turn.text
    return "utter_step_up_how" if asks(turn.text) and not fails else "utter_step_up_trouble"


def step_up(ctx: Ctx, response: str = "utter_step_up") -> None:
    """The portal wants the patient to prove again who they are, on its own page; then this goes on."""
    ctx.speaker.ask(PROOF, response, [ctx.option("proved", {"do": "retry"}, *synonyms("proved"))])
    ctx.park()


def wants_step_up(error: AuthProblem) -> bool:
    """Whether a refusal of the portal is that; raises it again when the session is over."""
    if not error.step_up:
        raise error
    return True


def offer_booking(
    ctx: Ctx, response: str, facts: Mapping[str, Any], options: Sequence[Option], **values: Any
) -> None:
    """Ends this task with a booking set aside: an option or a "tak" takes it up, anything else is free."""
    ctx.end()
    below = any(frame.task == BOOKING for frame in ctx.conversation.stack)
    if below:  # a booking is open already: that one goes on
        ctx.speaker.say(response, **values)
        return
    frame = Frame(BOOKING, dict(facts))
    ctx.conversation.stack.append(frame)
    ctx.speaker.ask(REFUSED, response, options, **values)
    ctx.conversation.park(frame)


def offer_phone(ctx: Ctx, response: str, facts: Mapping[str, Any] | None = None, **values: Any) -> None:
    """Offers a Konsultacja Telefoniczna instead of what is not possible."""
    option = ctx.option("way_book_phone_consultation", {"do": "switch", "facts": {"kind": "phone"}})
    offer_booking(ctx, response, {"kind": "phone", **(facts or {})}, [option], **values)


# --- whose


async def whose(ctx: Ctx) -> str | None:
    """The portal's id of the one person whose records are asked for, None for everybody on the account.

    Raises NotOnAccountError when somebody else is named.
    """
    said: dict[str, Any] = {}
    me = await ctx.world.me()
    if cue("my_own").heard(ctx.turn.text) and len(ctx.turn.text.split()) <= _ELLIPTICAL:
        return me.patient.id  # "a moje?"
    if read_who(said, ctx.turn, me.dependants) and said.get(WHO):
        return id_of(str(said[WHO]), me)
    return None


async def whose_or_told(ctx: Ctx) -> tuple[bool, str | None]:
    """(whether to go on, id of the person or None); says that somebody is not on the account."""
    try:
        return True, await whose(ctx)
    except NotOnAccountError:
        ctx.speaker.say("utter_person_not_on_account")
        ctx.end()
        return False, None


def id_of(who: str, me: Me) -> str:
    """ "self" or "dependant:<n>" as the portal's id."""
    return me.patient.id if who == SELF else me.dependants[int(who.partition(":")[2])].id


def who_of(patient_id: str, me: Me) -> str:
    """The portal's id as "self" or "dependant:<n>"."""
    return next((ref(i) for i, person in enumerate(me.dependants) if person.id == patient_id), SELF)


async def for_whom(ctx: Ctx, patient_id: str) -> str:
    """ "dla Hani"; nothing for the patient's own."""
    me = await ctx.world.me()
    who = who_of(patient_id, me)
    return "" if who == SELF else describer(ctx).who({WHO: who}, me.dependants)
