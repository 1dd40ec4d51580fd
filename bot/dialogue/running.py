"""One turn of any task: acts of conversation, options, misses, going back, stopping.

What every conversation needs is here once: pressed and typed options, "powtórz", "chwila",
"dlaczego", "cofnij", "pomiń", "nieważne", buttons that are out of date, questions that were not
answered, and a way out after too many of them.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.acts import SURE
from bot.dialogue.hearing import does_not_follow, only_names, put_off, told_freely
from bot.dialogue.options import match_option, named_option, option_within
from bot.dialogue.slots import SlotSpec, forget
from bot.dialogue.state import CONSENT, Frame, Option
from bot.dialogue.task import ANY, Task, TaskContext, World
from bot.dialogue.turn import PRESS, Turn
from bot.language.cues import cue, synonyms
from bot.language.questions import looks_like_question

_ASIDE = frozenset({"tell", "leave"})
"""Options that give information and do not take the task up again."""
_SHRUGS = frozenset({"skip", "no_preference"})
_WAITS = "utter_wait"
MAX_MISSES = 3
"""After so many unanswered questions in a row the task offers a person instead of asking again."""


async def run_turn(task: Task[World], ctx: TaskContext[World]) -> None:
    """One message of the patient for an open task."""
    if ctx.turn.intent == PRESS:
        await _pressed(task, ctx)
        return
    prompt = ctx.frame.prompt
    if prompt is not None:
        # Said word for word an option wins over what the words would mean elsewhere.
        free = (ctx.turn.intent not in _CONTROL or ctx.turn.confidence < SURE) and not prompt.free_text
        number = prompt.about != CONSENT
        option = match_option(prompt, ctx.turn, by_number=number) if free else named_option(prompt, ctx.turn)
        if option is not None and _tells_more(ctx.turn, option):
            option = None
        option = option or (None if prompt.free_text else option_within(prompt, ctx.turn))
        if option is not None:
            ctx.frame.misses = 0
            await _carry_out(task, ctx, option)
            return
    if prompt is not None and put_off(ctx.turn, later=not task.waits_for_a_time(ctx)):
        await stop(task, ctx, task.put_off(ctx))
        return
    if prompt is not None and does_not_follow(ctx.turn):  # the same words once more would not help
        ctx.frame.misses = max(ctx.frame.misses, 1)
        await task.ask_again(ctx, missed=True)
        return
    if prompt is not None and told_freely(ctx.turn, prompt):
        await _words(task, ctx)
        return
    if await _control(task, ctx):
        return
    await _words(task, ctx)


async def _pressed(task: Task[World], ctx: TaskContext[World]) -> None:
    found = ctx.conversation.find(ctx.turn.key or "")
    if found is None:
        about = ctx.conversation.old.get((ctx.turn.key or "").partition(".")[0], "")
        ctx.speaker.say("utter_button_outdated", about=about)
        if ctx.conversation.top is not None:
            await task.ask_again(ctx)
        return
    frame, option = found
    if frame is ctx.conversation.parked and option.act.get("do") not in _ASIDE:
        ctx.conversation.bring_back(frame)
    ctx.frame = frame
    frame.misses = 0
    await _carry_out(task, ctx, option)


async def _carry_out(task: Task[World], ctx: TaskContext[World], option: Option) -> None:
    act = option.act
    match act.get("do"):
        case "say":
            ctx.turn = replace(ctx.turn, intent=str(act["intent"]), confidence=1.0, mentions=(), when=None)
            if not await _control(task, ctx):
                await _words(task, ctx)
        case "fill":
            for slot, value in dict(act["facts"]).items():
                forget(ctx.facts, slot, task.slots)
                ctx.facts[slot] = value
            await task.changed(ctx)
            await task.advance(ctx)
        case _:
            await task.act(ctx, act)


async def _control(task: Task[World], ctx: TaskContext[World]) -> bool:
    """Acts of conversation that mean the same in every task."""
    handler = _CONTROL.get(ctx.turn.intent)
    just_begun = ctx.frame.prompt is None and not ctx.facts and not ctx.data  # "to odwołaj coś" began it
    if (
        handler is None
        or _rather_facts(ctx.turn)
        or _asks_how_long(ctx.turn)
        or (just_begun and ctx.turn.intent == "cancel_task")
    ):
        return False
    await handler(task, ctx)
    return True


def _asks_how_long(turn: Turn) -> bool:
    """ "A jak zaraz nie odpiszę, to przepadnie?" is heard as a "chwila", and is none."""
    return turn.intent == "wait" and "?" in turn.text and cue("of_holding").heard(turn.text)


def _rather_facts(turn: Turn) -> bool:
    """An unsure act with wanted facts in it ("już potwierdziłem, to teraz kardiolog") is read as facts."""
    wanted = any(not mention.unwanted for mention in turn.mentions)
    return wanted and (turn.confidence < SURE or only_names(turn))  # "wro" is a town, not a way back


async def _words(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if await task.respond(ctx, about):
        ctx.frame.misses = 0
        return
    if ctx.turn.intent in _SHRUGS and about in task.slots and not ctx.turn.mentions:
        await _shrugged(task, ctx, task.slots[about])
        return
    if not await task.take(ctx) and about:
        await _missed(task, ctx)
    elif about in task.slots and about not in ctx.facts:
        await _told_something_else(task, ctx, about)
    else:
        ctx.frame.misses = 0
        await task.advance(ctx)


async def _told_something_else(task: Task[World], ctx: TaskContext[World], about: str) -> None:
    """Facts, but not the one that was asked for: they are noted, and nobody is asked the same for ever."""
    before = ctx.frame.misses
    if before + 1 >= MAX_MISSES:
        _stuck(ctx, "utter_task_waiting")
        return
    if before and ctx.speaker.silent:
        ctx.speaker.say("utter_noted")
    ctx.frame.misses = 0
    await task.advance(ctx)
    prompt = ctx.frame.prompt
    if prompt is not None and prompt.about == about:  # else what was told made the question needless
        ctx.frame.misses = before + 1


async def _shrugged(task: Task[World], ctx: TaskContext[World], slot: SlotSpec) -> None:
    """ "Obojętnie", "nie wiem": an answer where any will do, a reason to explain where it won't."""
    if slot.optional or (slot.any_is and ctx.turn.intent == "no_preference"):
        ctx.facts[slot.name] = slot.any_is or ANY
        ctx.frame.misses = 0
        await task.advance(ctx)
        return
    ctx.speaker.say(slot.explanation(task.name))
    await _missed(task, ctx, understood=True)


async def _missed(task: Task[World], ctx: TaskContext[World], *, understood: bool = False) -> None:
    """No answer. One that was `understood` ("nie wiem") gets the plain question again."""
    ctx.frame.misses += 1
    if ctx.frame.misses >= MAX_MISSES:
        _stuck(ctx, "utter_task_stuck")
        return
    asked = not understood and (looks_like_question(ctx.turn.text) or _ends_as_a_question(ctx.turn.text))
    if asked:  # the question is not passed over in silence, and then its turn comes again
        ctx.speaker.say("utter_question_not_understood")
    await task.ask_again(ctx, missed=not (understood or asked))


def _ends_as_a_question(text: str) -> bool:
    return text.rstrip().endswith("?")


def _stuck(ctx: TaskContext[World], response: str) -> None:
    """A dignified way out: once more, not at all, or a person."""
    ctx.frame.misses = 0
    ctx.speaker.ask(
        "stuck",
        response,
        [
            ctx.option("try_again", {"do": "resume"}, *synonyms("try_again")),
            ctx.option("stop_task", {"do": "say", "intent": "cancel_task"}),
        ],
    )


async def _cancel(task: Task[World], ctx: TaskContext[World]) -> None:
    if task.stops(ctx):
        await stop(task, ctx)
    else:
        await _words(task, ctx)


async def stop(task: Task[World], ctx: TaskContext[World], response: str = "") -> None:
    """Stops the task: nothing stays held, one tap brings it back, and the task below goes on.

    `response` says it instead of the task's own words for a stop.
    """
    response = response or task.stopped(ctx)
    await task.abandon(ctx)
    frame = ctx.frame
    ctx.end()
    ctx.conversation.parked = frame
    ctx.conversation.prompts += 1
    ctx.speaker.say(response)
    top = ctx.conversation.top
    if top is not None and top.task == task.name:  # a frame of another task goes on in actions/base.py
        ctx.frame = top
        await task.ask_again(ctx)


async def _wait(task: Task[World], ctx: TaskContext[World]) -> None:
    ctx.speaker.say(_WAITS)


async def _repeat(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if about and await task.respond(ctx, about):  # "jeszcze raz" where something can be done again
        return
    waited = all((said.get("metadata") or {}).get("utter_action") == _WAITS for said in ctx.said_before)
    if ctx.said_before and not waited:
        ctx.speaker.replay(ctx.said_before)
    else:
        await task.ask_again(ctx)


async def _why(task: Task[World], ctx: TaskContext[World]) -> None:
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if await task.why(ctx, about):
        return
    spec = task.slots.get(about)
    explanation = spec.explanation(task.name) if spec else f"utter_explain_{task.name}_{about or 'task'}"
    if not ctx.speaker.texts.has(explanation):
        explanation = f"utter_explain_{task.name}_task"
    ctx.speaker.say(explanation)
    await task.ask_again(ctx)


async def _go_back(task: Task[World], ctx: TaskContext[World]) -> None:
    """Back one question: the one before the open one is asked again."""
    asked = ctx.frame.asked
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    if await task.step_back(ctx, about):
        return
    if asked and asked[-1] == about:
        asked.pop()
    if not asked:
        ctx.speaker.say("utter_nothing_before")
        await task.ask_again(ctx)
        return
    await task.abandon(ctx)
    slot = asked.pop()
    task.take_back(ctx.facts, slot)
    ctx.data.clear()
    await task.advance(ctx)


async def _restart(task: Task[World], ctx: TaskContext[World]) -> None:
    await task.abandon(ctx)
    name = ctx.frame.task
    ctx.end()
    ctx.frame = Frame(name)
    ctx.conversation.stack.append(ctx.frame)
    ctx.speaker.say("utter_task_restarted")
    await task.advance(ctx)


async def _resume(task: Task[World], ctx: TaskContext[World]) -> None:
    parked = ctx.conversation.parked
    if ctx.conversation.top is None and parked is not None:
        ctx.conversation.bring_back(parked)
        ctx.frame = parked
    await task.ask_again(ctx)


_CONTROL = {
    "cancel_task": _cancel,
    "wait": _wait,
    "repeat": _repeat,
    "why": _why,
    "go_back": _go_back,
    "start_over": _restart,
    "resume": _resume,
}


def _tells_more(turn: Turn, option: Option) -> bool:
    """The message names an option and says something else too: it is read as facts instead."""
    said = len(turn.text.split())
    named = max(len(name.split()) for name in [option.label, *option.names])
    return said > named + 3
