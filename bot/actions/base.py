"""The actions Rasa calls: one for each task, one to come back to a task."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.world import Reception, World
from bot.dialogue.acts import ACTS, ANSWERS, POLITE, TELLING
from bot.dialogue.hearing import about_the_proof, answers_refusal, carries_facts, gives_datum, unsure
from bot.dialogue.options import match_option, option_within
from bot.dialogue.running import run_turn
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import CONVERSATION_SLOT, LISTED, PROOF, REFUSED, Conversation, Frame, Option
from bot.dialogue.task import Task, TaskContext
from bot.dialogue.texts import Texts
from bot.dialogue.topic import subject_of
from bot.dialogue.turn import PART, PRESS, Turn
from bot.language.cues import synonyms
from bot.portal.errors import AuthProblem, PortalError, PortalProblem, RateLimitedProblem

log = logging.getLogger(__name__)
Events = list[dict[str, Any]]
AnyTask = Task[World]


class TaskAction(Action):
    """`action_<task>`: runs one turn of a task."""

    def __init__(
        self, task: AnyTask, tasks: Mapping[str, AnyTask], reception: Reception, texts: Texts
    ) -> None:
        self._task = task
        self._tasks = tasks
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return f"action_{self._task.name}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Handles the latest message; whatever happens, the patient gets an answer and keeps the task."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        turn = Turn.from_message(tracker.latest_message)
        speaker = Speaker(dispatcher, self._texts, conversation)
        conversation.turns += 1
        conversation.unclear = 0
        conversation.answered = self._task.name if self._task.only_asks else ""
        already = list(conversation.stack)
        frame = self._frame(conversation, turn)
        before = Conversation.from_json(conversation.to_json())
        try:
            world = await self._reception.world(tracker.sender_id)
            ctx = TaskContext(turn, frame, conversation, speaker, world, bot_messages(tracker.events))
            await run_turn(self._task, ctx)
            await self._go_on(ctx, turn if self._task.only_asks and frame not in already else None)
            await self._never_silent(ctx)
            conversation.topic = self._topic(turn, conversation, frame)
            conversation.subject = self._subject(turn, conversation)
        except PortalError as error:
            log.warning("portal: %s in %s", error, self.name())
            _keep_what_was_said(before, frame)
            conversation = before
            speaker = Speaker(dispatcher, self._texts, conversation)
            self._portal_down(speaker, conversation, error)
        return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]

    def _topic(self, turn: Turn, conversation: Conversation, frame: Frame) -> str:
        """What more may be asked about ("a gdzie to złożyć?") once this task has told what it knows."""
        about = frame.topic or turn.intent
        told = conversation.top is None and self._texts.has_facts(about)
        return (f"{about}/{turn.fact}" if turn.fact and turn.intent == about else about) if told else ""

    def _subject(self, turn: Turn, conversation: Conversation) -> dict[str, str]:
        """What a bare "to umówcie mnie" after this answer is for."""
        return subject_of(turn) if self._task.only_asks and conversation.top is None else {}

    def _frame(self, conversation: Conversation, turn: Turn) -> Frame:
        """The frame of this task: the one on top, the one a button belongs to, or a new one."""
        found = conversation.find(turn.key or "") if turn.intent == PRESS else None
        if found is not None:
            return found[0]
        if turn.tap:
            return self._begun_by_tap(conversation)
        top = conversation.top
        if top is not None and top.task == self._task.name:
            return top
        below = next((f for f in reversed(conversation.stack) if f.task == self._task.name), None)
        if below is not None and self._task.stays and _the_same_wish(turn, below):
            while conversation.top is not below:  # "dobra, to rezerwuj tego ginekologa" ends the digression
                conversation.end(conversation.stack[-1])
            return below
        parked = conversation.parked
        if (
            parked is not None
            and parked.task == self._task.name
            and (self._task.goes_on or _goes_on(turn, parked))
        ):
            conversation.bring_back(parked)
            return parked
        self._give_way(conversation)
        frame = Frame(self._task.name, topic=self._task.topic)
        conversation.stack.append(frame)
        return frame

    def _give_way(self, conversation: Conversation) -> None:
        """ "To na razie umówcie mnie" at a question that nothing was answered to yet: it is not put again."""
        top = conversation.top
        if top is None or top.prompt is None or self._task.only_asks:
            return
        if top.prompt.about in self._tasks[top.task].gives_way:
            conversation.park(top)

    def _begun_by_tap(self, conversation: Conversation) -> Frame:
        """A button of an event begins anew; the same task about another visit ends, booking waits below."""
        top = conversation.top
        if top is not None and top.task == self._task.name and not self._task.stays:
            conversation.stack.remove(top)
        frame = Frame(self._task.name)
        conversation.stack.append(frame)
        return frame

    async def _go_on(self, ctx: TaskContext[World], opener: Turn | None) -> None:
        """After a task ended, the one below it goes on by itself: its open question is put again.

        `opener` is the message that began the task which ended: it may answer that question too.
        """
        top = ctx.conversation.top
        if top is None or top is ctx.frame or ctx.conversation.due:
            return
        task, done = self._tasks[top.task], ctx.frame not in ctx.conversation.stack
        ctx.frame = top
        if top.prompt is not None:
            if done:
                ctx.turn = _told_beside(opener, top, task) if opener else Turn(text="", intent="resume")
                await _back_to(task, ctx)
            return
        if not top.data.pop("at_once", None):  # opened by a tap: it is what the patient asked for
            ctx.speaker.say("utter_next_task")
        await task.advance(ctx)

    async def _never_silent(self, ctx: TaskContext[World]) -> None:
        """A turn that said nothing ends in the open question, or in words that it was not understood."""
        if not ctx.speaker.silent or ctx.conversation.due:
            return
        log.error("%s said nothing to intent %s", self.name(), ctx.turn.intent)
        top = ctx.conversation.top
        if top is not None and top.prompt is not None:
            ctx.frame = top
            await self._tasks[top.task].ask_again(ctx)
        if ctx.speaker.silent:
            ctx.speaker.say("utter_not_understood")

    def _portal_down(self, speaker: Speaker, conversation: Conversation, error: PortalError) -> None:
        """ "Nothing free" and "the portal does not answer" are never confused; the task is kept."""
        if isinstance(error, AuthProblem) and not error.step_up:
            speaker.say("utter_session_ended")
            return
        if isinstance(error, PortalProblem) and not isinstance(error, RateLimitedProblem):
            speaker.say(
                "utter_portal_refused", detail=error.detail_pl or speaker.texts.get("utter_no_detail")
            )
            return
        if conversation.top is None or conversation.top.prompt is not None:
            speaker.say(self._task.down)
            return
        retry = Option(speaker.texts.label("try_again"), {"do": "search"}, list(synonyms("try_again")))
        stop = Option(speaker.texts.label("stop_task"), {"do": "say", "intent": "cancel_task"})
        speaker.ask("", self._task.down, [retry, stop])


def _keep_what_was_said(before: Conversation, frame: Frame) -> None:
    """A turn that failed is undone, except for what the patient told: nobody has to say it twice.

    With new facts the open offer is for something else; the next message searches anew.
    """
    kept = before.top
    if kept is None or kept.task != frame.task or kept.facts == frame.facts:
        return
    kept.facts = frame.facts
    kept.data.pop("offer", None)
    before.close_prompt(kept)


def _the_same_wish(turn: Turn, frame: Frame) -> bool:
    """Whether a message names what an open task is about, and so goes on with it."""
    subject = {frame.facts.get("service"), frame.facts.get("specialty")} - {None}
    named = turn.said("service", "specialty")
    return bool(named) and any(subject & set(mention.ids) for mention in named)


def _goes_on(turn: Turn, parked: Frame) -> bool:
    """A fact or a "tak" after a refusal ("to może telefonicznie") belongs to what was refused."""
    if turn.intent == "resume" or parked.prompt is None:
        return turn.intent == "resume"
    if parked.prompt.about == LISTED:
        return turn.intent in ANSWERS or match_option(parked.prompt, turn) is not None
    if parked.prompt.about == REFUSED and answers_refusal(turn):
        return True
    if parked.prompt.about == PROOF and about_the_proof(turn):
        return True
    if turn.intent in TELLING | ANSWERS | {"why"} or match_option(parked.prompt, turn) is not None:
        return True
    if (turn.intent in ACTS or unsure(turn)) and option_within(parked.prompt, turn) is not None:
        return True
    if gives_datum(turn, parked.prompt):
        return True
    unnamed = turn.intent == "book_visit" and not turn.has("service", "specialty", "doctor", "unlisted")
    if unnamed and (turn.has_facts or _offers_to_book(parked)):
        return True  # "to umów na piątek", "w takim razie chcę się zapisać": what was talked about
    named = turn.said("service", "specialty")
    subject = {parked.facts.get("service"), parked.facts.get("specialty")}
    if named:  # something else is a new request, the same ("to teraz ten kardiolog") goes on
        return all(subject & set(mention.ids) for mention in named)
    return carries_facts(turn)


def _offers_to_book(parked: Frame) -> bool:
    """Whether the last word on what was talked about was an offer to book it."""
    options = parked.prompt.options if parked.prompt else []
    return bool(options) and options[0].act.get("do") == "search"


class ResumeTask(Action):
    """`action_resume_task`: puts the open question again after a digression, unless that answered it too."""

    def __init__(self, tasks: Mapping[str, AnyTask], reception: Reception, texts: Texts) -> None:
        self._tasks = tasks
        self._reception = reception
        self._texts = texts

    def name(self) -> str:
        """Name in the domain."""
        return "action_resume_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Asks what was open; says nothing when nothing is."""
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        frame = conversation.top
        if frame is None:
            return []
        speaker = Speaker(dispatcher, self._texts, conversation)
        try:
            world = await self._reception.world(tracker.sender_id)
            task, said = self._tasks[frame.task], Turn.from_message(tracker.latest_message)
            ctx = TaskContext(said, frame, conversation, speaker, world, ())
            if said.intent in POLITE and task.left(ctx):
                ctx.end()
            else:
                ctx.turn = _told_beside(said, frame, task)
                await _back_to(task, ctx)
        except PortalError as error:
            log.warning("portal: %s in %s", error, self.name())
            return []
        return [SlotSet(CONVERSATION_SLOT, conversation.to_json())]


async def _back_to(task: AnyTask, ctx: TaskContext[World]) -> None:
    """The open question after a digression, or what comes next when that answered it."""
    if ctx.turn.mentions and await task.take(ctx):
        await task.advance(ctx)
    else:
        await task.ask_again(ctx)


def _told_beside(turn: Turn, frame: Frame, task: AnyTask) -> Turn:
    """The answer to the open question inside a digression; an empty turn without one."""
    spec = task.slots.get(frame.prompt.about) if frame.prompt else None
    if spec is None or spec.name in frame.facts:
        return Turn(text="", intent="resume")
    told = spec.answer_beside(turn)
    return told if told.mentions else Turn(text="", intent="resume")


def bot_messages(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What the assistant said between the patient's last two messages, oldest first."""
    said: list[Mapping[str, Any]] = []
    users = 0
    for event in reversed(events):
        if event.get("event") == "user" and PART not in (event.get("metadata") or {}):
            users += 1
            if users == 2:
                break
        elif event.get("event") == "bot" and users == 1:
            said.append(event)
    return said[::-1]
