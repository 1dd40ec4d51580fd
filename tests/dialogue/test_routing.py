"""Who answers a message."""

import pytest

from bot.dialogue.hearing import greeted
from bot.dialogue.routing import Router
from bot.dialogue.state import LISTED, Conversation, Frame, Option
from bot.dialogue.turn import Mention, Turn
from bot.language.times import When

TASKS = {
    "booking": {
        "intents": ["book_visit"],
        "about": ["specialty", "service"],
        "wishes": ["ask_rehabilitation"],
    },
    "cancellation": {"intents": ["cancel_visit"], "shouted": ["deny"]},
    "rescheduling": {"intents": ["reschedule_visit"]},
    "coverage": {"intents": ["check_coverage"], "again": ["service", "specialty", "relation"]},
    "visits": {"intents": ["list_visits"], "again": ["specialty", "relation", "when"]},
}
ROUTER = Router(TASKS)
DERMATOLOGIST = Mention("specialty", ("dermatolog",), "dermatolog", 0, 10)


def turn(text: str, intent: str, confidence: float = 0.9, *mentions: Mention) -> Turn:
    return Turn(text, intent, confidence, mentions=mentions)


def opened(about: str = "city") -> Conversation:
    conversation = Conversation(stack=[Frame("booking")])
    conversation.open(about, [Option("Kraków", {"do": "fill"})])
    return conversation


def test_an_intent_starts_its_task() -> None:
    assert ROUTER.task_for(turn("umów mnie", "book_visit"), Conversation()) == "booking"


def test_a_bare_fact_starts_the_task_it_is_about() -> None:
    assert ROUTER.task_for(turn("dermatolog", "inform", 0.9, DERMATOLOGIST), Conversation()) == "booking"
    assert ROUTER.task_for(turn("jutro", "inform"), Conversation()) is None


@pytest.mark.parametrize("intent", ["affirm", "deny", "repeat", "inform", "nlu_fallback", "show_later"])
def test_acts_belong_to_the_open_task(intent: str) -> None:
    assert ROUTER.task_for(turn("x", intent), opened()) == "booking"
    assert ROUTER.task_for(turn("x", intent), Conversation()) is None


def test_a_question_in_the_middle_is_answered_by_the_rules() -> None:
    assert ROUTER.task_for(turn("ile kosztuje rehabilitacja?", "ask_payment"), opened()) is None


@pytest.mark.parametrize("intent", ["emergency", "crisis", "medical_question", "human"])
def test_what_is_always_answered_is_never_an_answer(intent: str) -> None:
    assert ROUTER.task_for(turn("Kraków", intent, 0.9), opened()) is None


def test_an_option_typed_belongs_to_the_task_whatever_the_intent() -> None:
    assert ROUTER.task_for(turn("kraków", "ask_facility"), opened()) == "booking"


def test_a_wish_starts_a_task_and_a_question_does_not() -> None:
    service = Mention("service", ("masaz",), "masaż", 0, 5)
    wish = turn("masaż leczniczy", "ask_rehabilitation", 0.9, service)
    question = turn("czy na masaż leczniczy trzeba mieć skierowanie?", "ask_rehabilitation", 0.9, service)
    assert ROUTER.task_for(wish, Conversation()) == "booking"
    assert ROUTER.task_for(question, Conversation()) is None


def test_a_yes_after_a_refusal_goes_on_with_it() -> None:
    conversation = opened("refused")
    conversation.parked = conversation.stack.pop()
    assert ROUTER.task_for(turn("tak", "affirm"), conversation) == "booking"
    conversation.parked.prompt = None
    assert ROUTER.task_for(turn("tak", "affirm"), conversation) is None


@pytest.mark.parametrize(
    ("text", "intent", "whose"),
    [
        ("zmień termin", "reschedule_visit", "booking"),
        ("chcę przełożyć", "reschedule_visit", "rescheduling"),
        ("zmień termin mojej wizyty", "reschedule_visit", "rescheduling"),
        ("odwołaj termin", "cancel_visit", "cancellation"),
    ],
)
def test_the_open_wish_is_changed_and_a_booked_visit_is_not(
    text: str, intent: str, whose: str | None
) -> None:
    assert ROUTER.task_for(turn(text, intent), opened("offer")) == whose


@pytest.mark.parametrize(
    ("text", "about", "whose"),
    [
        ("tak, dziękuję", "consent", "booking"),
        ("dziękuję", "consent", None),
        ("tak, dziękuję", "offer", None),
    ],
)
def test_thanks_with_a_yes_answer_the_read_back(text: str, about: str, whose: str | None) -> None:
    assert ROUTER.task_for(turn(text, "thanks"), opened(about)) == whose


@pytest.mark.parametrize(
    ("text", "whose"), [("NIE", "cancellation"), ("NIE!", "cancellation"), ("nie", None)]
)
def test_nie_in_capitals_with_nothing_open_answers_the_reminder(text: str, whose: str | None) -> None:
    assert ROUTER.task_for(turn(text, "deny"), Conversation()) == whose
    assert ROUTER.task_for(turn(text, "deny"), opened()) == "booking"


def test_an_option_named_word_for_word_wins_over_a_new_task() -> None:
    conversation = Conversation(stack=[Frame("booking")])
    conversation.open("again", [Option("Jednak nie odwołuj", {"do": "switch"})])
    conversation.park(conversation.stack[0])
    assert ROUTER.task_for(turn("jednak nie odwołuj", "cancel_visit"), conversation) == "booking"
    assert ROUTER.task_for(turn("odwołaj moją wizytę", "cancel_visit"), conversation) == "cancellation"


@pytest.mark.parametrize(("intent", "confidence"), [("nlu_fallback", 0.3), ("book_visit", 0.49)])
def test_calling_off_said_outright_is_heard_whatever_the_unsure_intent(
    intent: str, confidence: float
) -> None:
    said = turn("odwołajcie mi dermatologa", intent, confidence, DERMATOLOGIST)
    assert ROUTER.task_for(said, Conversation()) == "cancellation"
    asked = turn("do kiedy mogę odwołać dermatologa?", intent, confidence, DERMATOLOGIST)
    assert ROUTER.task_for(asked, Conversation()) != "cancellation"


def asked_freely(*text_of: str) -> Conversation:
    conversation = Conversation(stack=[Frame("booking")])
    prompt = conversation.open("description", [])
    prompt.free_text, prompt.text_of = True, list(text_of)
    return conversation


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("wyniki krwi z lutego", "get_results"),
        ("skierowanie do kardiologa", "ask_referral"),
        ("boli mnie kolano od tygodnia", "medical_question"),
        ("nie mogę spać i nie wiem już, co o tym myśleć", "deny"),
    ],
)
def test_own_words_are_the_answer_where_they_were_asked_for(text: str, intent: str) -> None:
    assert ROUTER.task_for(turn(text, intent), asked_freely()) == "booking"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("a ile to kosztuje?", "ask_payment"),
        ("duszę się, nie mogę złapać tchu", "emergency"),
        ("chcę rozmawiać z człowiekiem", "human"),
        ("czy mogę to brać z alkoholem?", "medical_question"),
    ],
)
def test_a_request_a_question_or_an_emergency_is_no_free_text(text: str, intent: str) -> None:
    assert ROUTER.task_for(turn(text, intent), asked_freely()) is None


def test_another_task_starts_in_the_middle_of_a_free_text() -> None:
    assert ROUTER.task_for(turn("chcę odwołać wizytę", "cancel_visit"), asked_freely()) == "cancellation"


def test_a_question_is_the_text_where_a_question_was_asked_for() -> None:
    asked = turn("czy mogę to brać z alkoholem?", "medical_question")
    assert ROUTER.task_for(asked, asked_freely("medical_question")) == "booking"


def answered(task: str, *, opened_below: bool = False) -> Conversation:
    conversation = opened() if opened_below else Conversation()
    conversation.answered = task
    return conversation


@pytest.mark.parametrize(
    ("text", "intent"),
    [("a dermatolog?", "inform"), ("i dermatolog?", "book_visit"), ("a co z dermatolog", "get_results")],
)
def test_a_thing_right_after_an_answer_asks_the_same_again(text: str, intent: str) -> None:
    at = text.index("dermatolog")
    thing = Mention("specialty", ("dermatolog",), "dermatolog", at, at + 10)
    said = turn(text, intent, 0.9, thing)
    assert ROUTER.task_for(said, answered("coverage")) == "coverage"
    assert ROUTER.task_for(said, answered("coverage", opened_below=True)) == "coverage"
    assert ROUTER.task_for(said, Conversation()) != "coverage"


def test_more_words_ask_for_themselves() -> None:
    wanted = turn("a umów mnie do dermatologa", "book_visit", 0.9, DERMATOLOGIST)
    assert ROUTER.task_for(wanted, answered("coverage")) == "booking"
    other = turn("a gdzie przyjmuje dermatolog?", "ask_facility", 0.9, DERMATOLOGIST)
    assert ROUTER.task_for(other, answered("coverage")) is None


def test_a_time_in_the_middle_of_a_booking_is_the_bookings() -> None:
    friday = Turn("a w piątek?", "inform", 0.9, when=When(weekdays=frozenset({5})))
    assert ROUTER.task_for(friday, answered("visits", opened_below=True)) == "booking"
    assert ROUTER.task_for(friday, answered("visits")) == "visits"


@pytest.mark.parametrize(
    ("text", "intent", "task"),
    [
        ("przełóż tę wizytę, którą wczoraj umówiłam", "list_visits", "rescheduling"),
        ("proszę odwołać wizytę", "nlu_fallback", "cancellation"),
        ("odwołaj stolik w restauracji", "out_of_scope", None),
        ("mama mówiła, żeby odwołać wizytę", "chitchat", None),
    ],
)
def test_an_order_about_a_visit_counts_in_the_first_words(text: str, intent: str, task: str | None) -> None:
    assert ROUTER.task_for(turn(text, intent, 0.7), Conversation()) == task


def test_after_a_list_the_visit_may_be_pointed_at() -> None:
    conversation = Conversation(stack=[Frame("visits")])
    conversation.open(LISTED, [Option("pt. 27.11", {"do": "show"})])
    conversation.park(conversation.stack[0])
    assert ROUTER.task_for(turn("odwołaj tę drugą", "choose_option"), conversation) == "cancellation"
    assert ROUTER.task_for(turn("przełóż ją", "inform"), conversation) == "rescheduling"
    assert ROUTER.task_for(turn("ok", "affirm"), conversation) == "visits"
    assert ROUTER.task_for(turn("dermatolog", "inform", 0.9, DERMATOLOGIST), conversation) == "booking"


PLACES = Router(
    TASKS
    | {
        "facilities": {"intents": ["ask_facility"], "follows": ["city", "cue:adult_patient"]},
        "partner": {"intents": ["ask_partner_facility"], "claims": ["book_visit with at_a_partner"]},
    }
)


def set_aside() -> Conversation:
    """Facilities were told, and the answer was set aside."""
    conversation = Conversation(stack=[Frame("facilities", {"place": "x"})])
    conversation.open("place", [Option("Warszawa", {"do": "fill"})])
    conversation.park(conversation.stack[0])
    return conversation


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "mentions", "task"),
    [
        ("a w Gdańsku?", "inform", 0.9, ("city",), "facilities"),
        ("a w Gdańsku?", "other_place", 0.9, ("city",), "facilities"),
        ("a tam w tym naszym Gdańsku co", "nlu_fallback", 0.3, ("city",), "facilities"),
        ("a dla dorosłego?", "nlu_fallback", 0.3, (), "facilities"),
        ("dermatolog w Gdańsku", "inform", 0.9, ("specialty", "city"), "booking"),
        ("a partnerska w Gdańsku?", "ask_partner_facility", 0.9, ("city",), "partner"),
        ("jaki mam pakiet w tym całym Gdańsku", "ask_package", 0.9, ("city",), None),
        ("a jutro", "inform", 0.9, (), None),
        ("Warszawa", "ask_facility", 0.9, (), "facilities"),
    ],
)
def test_only_what_an_answer_was_about_goes_on_with_it(
    text: str, intent: str, confidence: float, mentions: tuple[str, ...], task: str | None
) -> None:
    said = turn(text, intent, confidence, *(Mention(kind, ("x",), "x", 0, 1) for kind in mentions))
    assert PLACES.task_for(said, set_aside()) == task


def test_a_word_makes_an_intent_of_another_task_ones_own() -> None:
    there = turn("umów mnie w placówce partnerskiej", "book_visit")
    assert PLACES.task_for(there, Conversation()) == "partner"
    assert PLACES.task_for(turn("umów mnie w placówce", "book_visit"), Conversation()) == "booking"


def test_a_request_behind_a_greeting_is_the_request() -> None:
    ranking = (("greet", 0.5), ("cancel_visit", 0.3))
    turn = Turn("Dzień dobry, w sprawie odwołania wizyty", "greet", 0.5, ranking=ranking)
    assert greeted(turn, {"cancel_visit"}).intent == "cancel_visit"
    assert greeted(turn, {"book_visit"}).intent == "greet"
    assert greeted(Turn("dzień dobry", "greet", 0.5, ranking=ranking), {"cancel_visit"}).intent == "greet"
