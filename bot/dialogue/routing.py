"""Who answers a message: the open task, a new task, or a plain answer from the rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from bot.dialogue.acts import ACTS, ALWAYS_ANSWERED, ANSWERS, MOVES, POLITE, REFINING, SURE, TELLING
from bot.dialogue.hearing import (
    about_the_proof,
    answers_refusal,
    asks_whether_in_time,
    bare_wish,
    cannot_come,
    carries_facts,
    drops_visit,
    first_order,
    gives_datum,
    greeted,
    only_names,
    only_sounds_like_talk,
    ordered,
    orders_booking,
    put_off,
    sounds_like_moving,
    told_freely,
    unsure,
)
from bot.dialogue.options import match_option, named_option, option_within
from bot.dialogue.state import CONSENT, DONE, LISTED, PROOF, REFUSED, Conversation, Frame
from bot.dialogue.turn import FALLBACK, PRESS, Turn
from bot.language.consent import explicit_yes
from bot.language.cues import cue
from bot.language.questions import asks, elliptical, looks_like_question, wants
from bot.language.text import folded_words

_RECKONS = frozenset({"reimbursement"})
"""Tasks that tell where their sum comes from when asked."""
_REFUSES = frozenset({"cancellation", "rescheduling"})
"""Tasks that tell why they refused when asked."""
_OF_ONE = ACTS | {"cancel_visit", "book_visit", "list_visits", "thanks"}
"""How it may be heard that one of the visits just listed is not wanted any more."""
_SURE_OF_A_MOVE = 0.75
"""A story without a word of a booked visit ("strzeliło mi w kolanie") has to be this sure to touch one."""
_SURE_WITHOUT_WORDS = 0.95
"""A move without a word of moving ("prezłóżmy to") has to be this sure."""
_HARDLY = 0.3
"""Below this a question in a task that has a topic is no call for help; real ones never come this far."""
_CHAT = 0.4
"""Below this nobody chats in the middle of a task."""
_NAME_ONLY = 3
_LIKELY = 0.5
"""From here on an intent that starts another task is rather that than a bare "a w Gdańsku?"."""
_OF_A_FILE = "file"
"""What the question is about which file is meant."""
_NEEDS_A_LIST = frozenset({"choose_option", "go_back", "skip", "no_preference"})
_OF_A_VISIT = MOVES | {"list_visits", "visit_history", "book_visit"}
_POSSIBLE = 0.05
"""An act of conversation with nothing to act on is rather the next reading of the message, from here on."""
_SHORT = 4
"""Words: no longer message is a bare "a w Gdańsku?"."""
_LIKELY_TASK = 0.45
"""From here on a question that starts another task is rather that than a fact."""
_CUE = "cue:"
_FEW_WORDS = 2
_SHOUT = re.compile(r"[A-Z]+[.!]*")
"""One word in capitals."""


_OF_VISITS = ("service", "specialty", "doctor")
"""What names a booked visit in the middle of another task."""
THINGS = frozenset({"service", "specialty", "unlisted"})
"""Kinds of things that stand for a question of their own even in the middle of another task."""


def _names_option(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is word for word an option of the task that was set aside."""
    parked = conversation.parked
    return parked is not None and parked.prompt is not None and named_option(parked.prompt, turn) is not None


def _points_at_a_list(conversation: Conversation) -> bool:
    """Whether visits were listed just now, so that "tę drugą" is one of them."""
    parked = conversation.parked
    listed = parked is not None and parked.prompt is not None and parked.prompt.about == LISTED
    return listed and conversation.top is None


def _of_the_proof(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is about the proof that the task set aside waits for."""
    prompt = conversation.parked.prompt if conversation.parked else None
    return prompt is not None and prompt.about == PROOF and about_the_proof(turn)


def _gives_datum(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is the datum that the task set aside asked for last ("a za 300 zł?")."""
    prompt = conversation.parked.prompt if conversation.parked else None
    return prompt is not None and gives_datum(turn, prompt)


def _of_a_visit(turn: Turn, conversation: Conversation) -> bool:
    """Another term for a visit there is: said so, or asked for right after it was booked."""
    parked = conversation.parked
    done = parked is None or (parked.prompt is not None and parked.prompt.about == DONE)
    just_booked = done and conversation.booked and turn.intent != "show_more"
    return cue("moving_words").heard(turn.text) or bool(just_booked and not turn.has(*_OF_VISITS))


_SAYS_SO = {"cancel_visit": "cancelling_words", "reschedule_visit": "moving_words"}
"""Words that name the change itself: "mam USG w piątek i chciałabym je przenieść"."""


def _calls_off(turn: Turn) -> bool:
    """ "Dobra, to chociaż odwołaj wszystko": an order about visits, heard as an act of conversation."""
    text, order = turn.text, cue("calling_off")
    named = cue("visit_word").heard(text) or cue("every_one").heard(text)
    act = turn.intent == "cancel_task" or (turn.intent in ACTS and unsure(turn))
    return act and named and order.heard(text) and not cue("refused").heard(text)


def _asks_inside(text: str) -> bool:
    """Whether some part of a message asks: "Kraków. I proszę najpierw powiedzieć, czy za to zapłacę"."""
    return asks(text) or "czy" in folded_words(text)


def _questions(text: str) -> bool:
    return "?" in text or looks_like_question(text)


class Router:
    """Decides by the declared tasks, `{task: {intents, about, wishes, inside}}` (see config.yml):

    `intents` start it (one fact of an intent too: "ask_online_consultation/now"), `about` are kinds of
    things whose mention starts it, `wishes` are intents that start it unless the message asks how things
    are, `inside` are intents that belong to it while open, `shouted` are intents that start it as one word
    in capitals with nothing open ("NIE" to the reminder), `again` are kinds of things whose mere
    mention puts its question again right after it ("a kardiolog?"),
    `claims` are intents of others that are its own when a cue is heard ("book_visit with at_a_partner"),
    `follows` are kinds of things (and words, "cue:child_patient") whose bare mention goes on with the answer
    that was set aside, facts kept.
    """

    def __init__(self, tasks: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._starts = {intent: task for task, spec in tasks.items() for intent in spec.get("intents", ())}
        self._about = {task: frozenset(spec.get("about", ())) for task, spec in tasks.items()}
        self._wishes = {intent: task for task, spec in tasks.items() for intent in spec.get("wishes", ())}
        self._shouted = {intent: task for task, spec in tasks.items() for intent in spec.get("shouted", ())}
        self._again = {task: frozenset(spec["again"]) for task, spec in tasks.items() if spec.get("again")}
        self._follows: dict[str, frozenset[str]] = {}
        self._follows_words: dict[str, frozenset[str]] = {}
        for task, spec in tasks.items():
            kinds = set(spec.get("follows", ()))
            self._follows_words[task] = frozenset(k.removeprefix(_CUE) for k in kinds if k.startswith(_CUE))
            if kinds:
                self._follows[task] = frozenset(k for k in kinds if not k.startswith(_CUE))
        self._claims: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for task, spec in tasks.items():
            for claim in spec.get("claims", ()):
                intent, _, word = claim.partition(" with ")
                self._claims[intent].append((word, task))
        self._inside = {task: frozenset(spec.get("inside", ())) for task, spec in tasks.items()}

    @property
    def starts(self) -> Mapping[str, str]:
        """Intents that start a task, and which."""
        return self._starts

    def task_for(self, turn: Turn, conversation: Conversation) -> str | None:
        """The task that takes this message; None leaves it to the rules."""
        turn = greeted(turn, frozenset(self._starts))
        top = conversation.top
        if turn.intent == PRESS:
            found = conversation.find(turn.key or "")
            if found:
                return found[0].task
            return top.task if top else None
        if turn.tap:  # under a message of ours: it says itself what it is about, whatever is open
            return self._starts.get(turn.intent)
        if self._asks_the_same(turn, conversation):
            return conversation.answered
        order = ordered(turn) if unsure(turn) and turn.has(*_OF_VISITS) else None
        alike = self._alike(turn)
        if top is not None and alike in self._again and alike != top.task and "?" in turn.text:
            return alike
        if top is not None and order is not None and self._starts.get(order) != top.task:
            return self._starts.get(order)  # "a wcześniej odwołaj mi morfologię" in the middle of something
        if top is not None and self._belongs(turn, top):
            return top.task
        if conversation.takes_up(_names_option(turn, conversation) or _gives_datum(turn, conversation)):
            return conversation.parked.task if conversation.parked else None
        if conversation.takes_up(self._follows_up(turn, conversation)):
            return conversation.parked.task if conversation.parked else None
        if conversation.takes_up(_of_the_proof(turn, conversation)):
            return conversation.parked.task if conversation.parked else None
        started = self._started(turn, conversation)
        if started is not None:
            return started
        if conversation.takes_up(self._goes_on(turn, conversation)):
            return conversation.parked.task if conversation.parked else None
        if top is None and turn.intent in self._shouted and _SHOUT.fullmatch(turn.text.strip()):
            return self._shouted[turn.intent]
        if turn.intent in TELLING | ANSWERS or unsure(turn):
            return self._by_facts(turn) or self._instead_of_an_act(turn, conversation)
        return self._instead_of_an_act(turn, conversation)

    def _takes_the_offer(self, turn: Turn, conversation: Conversation) -> bool:
        """ "To potwierdźmy, a o której?" after an answer whose button books what it was about."""
        about = conversation.topic.partition("/")[0]
        yes = turn.intent in ANSWERS - {"deny"} and not turn.pressed
        return yes and conversation.top is None and bool(conversation.subject) and about in self._wishes

    def _instead_of_an_act(self, turn: Turn, conversation: Conversation) -> str | None:
        """With nothing open "pokaż, czy jest na liście" is no wish for more: the next likely task."""
        idle = conversation.top is None and not turn.pressed and turn.intent in REFINING | _NEEDS_A_LIST
        if not idle or turn.confidence >= _SURE_OF_A_MOVE or len(turn.text.split()) <= _SHORT:
            return None
        likely = (name for name, sure in turn.ranking if sure >= _POSSIBLE and name in _OF_A_VISIT)
        return next((self._starts.get(name) for name in likely), None)

    def _asks_the_same(self, turn: Turn, conversation: Conversation) -> bool:
        """ "A kardiolog?", "a dla Hani?" after an answer: the same question about something else."""
        kinds = self._again.get(conversation.answered)
        if kinds is None or turn.intent in ALWAYS_ANSWERED | ANSWERS or not elliptical(turn.text):
            return False
        about = {task for task, things in self._about.items() if things}
        other = self._starts.get(turn.intent) not in {conversation.answered, *about}
        acts = TELLING if conversation.top is not None else ACTS  # "a jutro?" with nothing open is no wish
        if other and not unsure(turn) and turn.intent not in acts and not only_names(turn):
            return False
        if unsure(turn) and not turn.has_facts and "relation" in kinds:
            return len(turn.text.split()) <= _NAME_ONLY  # "a Leon?": who that is the task knows
        if conversation.top is not None and conversation.top.task != conversation.answered:
            kinds = kinds & THINGS  # a time or a town in the middle of another task is that task's
        return (
            any(m.kind in kinds for m in turn.mentions)
            or ("when" in kinds and turn.when is not None)
            or ("relation" in kinds and cue("before_whom").heard(turn.text))
        )

    def _alike(self, turn: Turn) -> str | None:
        """The task that both of the likeliest readings start: between them nothing is unclear."""
        if turn.intent != FALLBACK:
            return None
        likely = [name for name, _ in turn.ranking if name != FALLBACK][:2]
        tasks = {self._starts.get(name) for name in likely}
        return tasks.pop() if len(likely) > 1 and len(tasks) == 1 else None

    def _started(self, turn: Turn, conversation: Conversation) -> str | None:
        claimed = next(
            (t for word, t in self._claims.get(turn.intent, ()) if cue(word).heard(turn.text)), None
        )
        if claimed is not None:
            return claimed
        if _points_at_a_list(conversation) and turn.intent in _OF_ONE and drops_visit(turn):
            return self._starts.get("cancel_visit")
        act = unsure(turn) or turn.intent in ACTS or len(turn.text.split()) <= _FEW_WORDS
        if act and _points_at_a_list(conversation):  # "odwołaj tę drugą", "to przełóż ją"
            changes = {"cancel_visit": "calling_off", "reschedule_visit": "putting_off"}
            heard = next((intent for intent, words in changes.items() if cue(words).heard(turn.text)), None)
            if heard is not None:
                return self._starts.get(heard)
        order = ordered(turn)
        if order is not None:
            return self._starts.get(order)
        if conversation.top is None and cannot_come(turn):
            return self._starts.get("cancel_visit")
        if conversation.top is None and orders_booking(turn):
            return self._starts.get("book_visit")
        if conversation.top is None and _calls_off(turn):  # nothing is open that could be stopped
            return self._starts.get("cancel_visit")
        refines = turn.intent in REFINING and _of_a_visit(turn, conversation)
        if conversation.top is None and (refines or sounds_like_moving(turn)):
            return self._starts.get("reschedule_visit")  # "a można ją przenieść na inny dzień"
        if conversation.top is None and asks_whether_in_time(turn):
            return self._starts.get("cancel_visit")
        if self._takes_the_offer(turn, conversation):
            return self._starts.get("book_visit")
        if conversation.top is None and turn.intent in REFINING and turn.has(*THINGS):
            return self._named(turn)  # "macie psychiatrę? nie radzę sobie ostatnio"
        worded = cue("moving").heard(turn.text) or cue("puts_off").nearly(turn.text)
        unworded = not worded and turn.confidence < _SURE_WITHOUT_WORDS
        if turn.intent == "reschedule_visit" and unworded:
            return self._named(turn)
        if (
            turn.intent in MOVES
            and turn.confidence < _SURE_OF_A_MOVE
            and not cue("booked_visit").heard(turn.text)
            and not cue(_SAYS_SO[turn.intent]).heard(turn.text)
            and first_order(turn.text) != turn.intent
        ):
            return self._named(turn)
        if turn.intent == "emergency" and turn.confidence < _SURE_OF_A_MOVE and wants(turn.text):
            return self._named(turn)  # no danger was found in it, and a specialist is asked for
        if f"{turn.intent}/{turn.fact}" in self._starts:
            return self._starts[f"{turn.intent}/{turn.fact}"]
        named = turn.has(*self._about[self._wishes[turn.intent]]) if turn.intent in self._wishes else False
        if turn.intent in self._wishes and (named or wants(turn.text)):
            fact = turn.fact is not None and _questions(turn.text)  # "a zapisać się mogę w aplikacji?"
            return None if fact or asks(turn.text) else self._wishes[turn.intent]
        return self._starts.get(turn.intent)

    def _follows_up(self, turn: Turn, conversation: Conversation) -> bool:
        """ "A w Gdańsku?" after an answer on a place: nothing but things that the answer was about."""
        parked = conversation.parked
        kinds = self._follows.get(parked.task) if parked is not None else None
        if not kinds or parked is None:
            return False
        words = self._follows_words[parked.task]
        heard = any(cue(word).heard(turn.text) for word in words)
        if not turn.has_facts and not heard:
            return False
        short = len(turn.text.split()) <= _SHORT
        other = self._starts.get(turn.intent) not in (None, parked.task)
        if turn.confidence >= _LIKELY and other and not (heard and short):
            return False  # "a własne w Białymstoku gdzie macie?" asks for something else
        named = {mention.kind for mention in turn.mentions} | ({"when"} if turn.when is not None else set())
        if heard and short and turn.when is None:
            named -= THINGS  # "chirurg dla sześciolatka" after a duty site
        return named <= kinds and (short or turn.intent in TELLING | REFINING or unsure(turn))

    def _goes_on(self, turn: Turn, conversation: Conversation) -> bool:
        """Whether a message takes up the task that was set aside: asked to, or answering its last word."""
        parked = conversation.parked
        if parked is None or turn.intent == "resume":
            return parked is not None
        if parked.prompt is None:
            return False
        if parked.prompt.about == DONE:  # "ok" to what was done is no wish to undo it
            named = named_option(parked.prompt, turn) or option_within(parked.prompt, turn)
            return named is not None and (turn.intent in ACTS or unsure(turn))
        if unsure(turn) and option_within(parked.prompt, turn) is not None:  # "napisz za mnie tę wiadomość"
            return True
        if parked.task in _REFUSES and parked.prompt.about == REFUSED and answers_refusal(turn):
            return True
        if turn.intent == "why" and parked.task in _RECKONS:
            return True
        if parked.prompt.about == LISTED or parked.task in self._follows:  # an answer, no wish of its own
            return turn.intent in ANSWERS or match_option(parked.prompt, turn) is not None
        if turn.intent in ANSWERS or match_option(parked.prompt, turn) is not None:
            return True
        if turn.intent in ACTS and option_within(parked.prompt, turn) is not None:
            return True
        # "Dermatolog w Gdańsku" after a refused list of results is a new wish, not more of that.
        return carries_facts(turn) and self._named(turn) in {None, parked.task}

    def _by_facts(self, turn: Turn) -> str | None:
        if turn.intent == FALLBACK and looks_like_question(turn.text):
            return None  # "co lepsze, wizyta w gabinecie czy przez telefon": nothing is wanted yet
        best = turn.best_intent()
        for task, kinds in self._about.items():
            if any(m.kind in kinds for m in turn.mentions) and (
                turn.intent in TELLING | ANSWERS or self._starts.get(best) == task or bare_wish(turn)
            ):
                return task
        return None

    def _named(self, turn: Turn) -> str | None:
        """The task whose things are named, whatever the intent."""
        return next((task for task, kinds in self._about.items() if turn.has(*kinds)), None)

    def _belongs(self, turn: Turn, frame: Frame) -> bool:
        if turn.intent in ACTS or self._starts.get(turn.intent) == frame.task:
            return True
        if frame.prompt is not None and (told_freely(turn, frame.prompt) or put_off(turn, later=False)):
            return True
        if turn.intent in self._inside.get(frame.task, frozenset()):
            return True
        if frame.prompt is not None and only_sounds_like_talk(turn):
            return True
        about = frame.prompt.about if frame.prompt is not None else ""
        if about == _OF_A_FILE and cue("throws_away").heard(turn.text) and turn.intent != "emergency":
            return True  # "tak, zalecenia usuń" at "Który usunąć?"
        if about == CONSENT and turn.intent == "change_data" and unsure(turn):
            return True  # "zmień adres" of a letter that was read back
        if turn.intent in ALWAYS_ANSWERED and turn.confidence >= SURE:
            return False
        unsure_question = turn.confidence < SURE and looks_like_question(turn.text) and not turn.has_facts
        hardly = turn.intent in ALWAYS_ANSWERED and turn.confidence < _HARDLY
        held = frame.prompt is not None and frame.prompt.about == CONSENT and bool(frame.data.get("hold"))
        if held and _questions(turn.text) and cue("of_holding").heard(turn.text):
            return True  # "do kiedy to trzymacie?"
        if frame.prompt is not None and turn.intent == "chitchat" and turn.confidence < _CHAT:
            return True  # "tylko powiedz, ile mam na to czasu": too unsure to be answered with a joke
        if frame.topic and unsure_question and (hardly or turn.intent == "medical_question"):
            return True  # "jak długo to trwa?" of a complaint is of nobody's health
        if frame.prompt is not None and frame.prompt.about == CONSENT and turn.intent in POLITE:
            # "tak, dziękuję" is an answer first; nobody leaves believing that they booked
            return turn.intent == "goodbye" or explicit_yes(turn.text)
        return self._fits(turn, frame)

    def _fits(self, turn: Turn, frame: Frame) -> bool:
        prompt = frame.prompt
        if prompt is None:
            return False
        if match_option(prompt, turn, by_number=False) is not None:
            return True
        if turn.intent.startswith("ask_") and not asks(turn.text):  # facts, not a question
            return turn.has_facts
        if turn.intent in MOVES and not cue("booked_visit").heard(turn.text):
            return turn.when is not None or turn.has("refine") or cue("time_of_visit").heard(turn.text)
        if turn.intent in self._starts and turn.confidence >= _LIKELY_TASK and _asks_inside(turn.text):
            return False  # "Kraków. I proszę najpierw powiedzieć, czy za to zapłacę"
        return turn.confidence < SURE and turn.has_facts
