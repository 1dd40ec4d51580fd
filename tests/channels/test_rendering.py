"""From neutral messages to what a device may see."""

from __future__ import annotations

import pytest

from bot.channels.messages import Link, Option, OptionKind, Outgoing
from bot.channels.rendering import link_kind, on_the_web, to_body


class Issuer:
    """Numbers the tokens and remembers what they stand for."""

    def __init__(self) -> None:
        self.issued: list[tuple[str, str, str]] = []

    async def __call__(self, payload: str, label: str, kind: OptionKind) -> str:
        self.issued.append((payload, label, kind))
        return f"token-{len(self.issued)}"


async def test_every_payload_becomes_a_token_wherever_it_is() -> None:
    issue = Issuer()
    message = Outgoing(
        text="Wybierz",
        options=(Option("Tak", "/press{1}", "act"),),
        card={
            "kind": "slots",
            "items": [
                {"day": "wtorek", "hour": "9:20", "doctor": "dr Zięba", "payload": "/press{2}"},
                {"day": "środa", "hour": "8:00"},
            ],
        },
    )
    body = await to_body(message, issue)
    assert "/press" not in str(body)
    assert body["options"] == [{"label": "Tak", "token": "token-1", "kind": "act"}]
    assert body["card"]["items"] == [
        {"day": "wtorek", "hour": "9:20", "doctor": "dr Zięba", "token": "token-2"},
        {"day": "środa", "hour": "8:00"},
    ]
    assert issue.issued == [("/press{1}", "Tak", "act"), ("/press{2}", "wtorek, 9:20, dr Zięba", "reply")]
    assert message.card is not None
    assert message.card["items"][0]["payload"] == "/press{2}"


async def test_what_a_card_offers_is_not_offered_twice() -> None:
    card = {"kind": "slots", "items": [{"day": "wtorek", "hour": "9:20", "payload": "/press{1}"}]}
    options = (Option("wt. 9:20", "/press{1}"), Option("Inny dzień", "/press{2}"))
    body = await to_body(Outgoing(options=options, card=card), Issuer())
    assert [option["label"] for option in body["options"]] == ["Inny dzień"]
    assert len(body["card"]["items"]) == 1


async def test_unknown_card_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="unknown card kind"):
        await to_body(Outgoing(card={"kind": "video"}), Issuer())


async def test_links_are_filtered_in_messages_and_cards() -> None:
    links = (Link("dobry", "https://portal.example/a"), Link("zły", "javascript:alert(1)"))
    card = {"kind": "list", "items": [{"title": "x", "links": [{"label": "z", "href": "http://a.example"}]}]}
    body = await to_body(Outgoing(text="x", links=links, card=card), Issuer())
    assert body["links"] == [{"label": "dobry", "href": "https://portal.example/a", "kind": "https"}]
    assert body["card"]["items"][0]["links"] == []


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("https://portal.example", "https"),
        ("tel:+48223322888", "tel"),
        ("mailto:opinie@luxmed.pl", "mailto"),
        ("HTTPS://portal.example", "https"),
        ("https:", None),
        ("https:///path", None),
        ("http://portal.example", None),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//portal.example", None),
        ("/relative", None),
        ("", None),
    ],
)
def test_addresses_that_may_be_shown(href: str, kind: str | None) -> None:
    assert link_kind(href) == kind


def test_devices_never_see_what_is_for_the_server() -> None:
    body = {"text": "x", "client_message_id": "1", "work": {"sender": "s", "payload": "/p"}, "meta": {"a": 1}}
    assert on_the_web("c", 3, "patient", "2026-11-20T10:00:00+00:00", body) == {
        "seq": 3,
        "author": "patient",
        "at": "2026-11-20T10:00:00+00:00",
        "text": "x",
        "client_message_id": "1",
    }


def test_content_of_a_file_stays_behind_its_address() -> None:
    card = {"kind": "file", "name": "wizyta.ics", "media_type": "text/calendar", "content": "BEGIN"}
    shown = on_the_web("c", 3, "assistant", "t", {"text": "", "card": card})["card"]
    assert shown == {
        "kind": "file",
        "name": "wizyta.ics",
        "media_type": "text/calendar",
        "href": "/api/v1/conversations/c/files/3",
    }
