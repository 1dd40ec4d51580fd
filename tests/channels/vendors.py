"""Servers that behave like Telegram's and Meta's, and check every call they get."""

from __future__ import annotations

import hmac
import json as jsonlib
import time
import uuid
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

TOKEN, SECRET, VERIFY, NUMBER = "7-vendor-token", "vendor-secret", "vendor-verify", "10987"


@dataclass
class Vendor:
    """What was sent to people, in the vendor's own words. `trouble`: answers to give instead, in order."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    signs: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    trouble: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    base: str = ""

    def expect(self, good: bool, what: str) -> None:
        if not good:
            self.wrong.append(what)

    def app(self) -> Sanic:
        app = Sanic(f"vendor-{uuid.uuid4().hex[:8]}", configure_logging=False)
        app.add_route(self.telegram, f"/bot{TOKEN}/<method:str>", methods=["POST"])
        app.add_route(self.telegram_file, f"/file/bot{TOKEN}/<path:path>")
        app.add_route(self.messenger, "/me/messages", methods=["POST"])
        app.add_route(self.whatsapp, f"/{NUMBER}/messages", methods=["POST"])
        app.add_route(self.media, "/<media:str>")
        app.add_route(self.cdn, "/cdn/<name:str>")
        return app

    async def telegram(self, request: Request, method: str) -> HTTPResponse:
        body = request.json
        if method == "getFile":
            known = body["file_id"] in self.files
            return json(
                {"ok": known, "result": {"file_path": f"documents/{body['file_id']}"}}, 200 if known else 400
            )
        if method in {"sendChatAction", "answerCallbackQuery"}:
            self.signs.append({"method": method} | body)
            return json({"ok": True})
        self.expect(method == "sendMessage", f"method {method}")
        self.expect(isinstance(body["chat_id"], int), "chat_id is a number")
        self.expect(0 < len(body["text"]) <= 4096, "length of text")
        for row in (body.get("reply_markup") or {}).get("inline_keyboard", ()):
            for button in row:
                self.expect(1 <= len(button["callback_data"].encode()) <= 64, "callback_data")
                self.expect(0 < len(button["text"]) <= 64, "label")
        return self._taken(body, {"ok": True, "result": {"message_id": 1}})

    async def telegram_file(self, request: Request, path: str) -> HTTPResponse:
        return raw(self.files[path.rpartition("/")[2]])

    async def messenger(self, request: Request) -> HTTPResponse:
        body = request.json
        self.expect(request.headers.get("authorization") == f"Bearer {TOKEN}", "token")
        if "sender_action" in body:
            self.signs.append(body)
            return json({"recipient_id": body["recipient"]["id"]})
        message = body["message"]
        self.expect(body["messaging_type"] == "RESPONSE", "messaging_type")
        self.expect(0 < len(message["text"]) <= 2000, "length of text")
        replies = message.get("quick_replies", [])
        self.expect(len(replies) <= 13, "number of quick replies")
        for reply in replies:
            self.expect(len(reply["title"]) <= 20 and len(reply["payload"]) <= 1000, "quick reply")
        return self._taken(body, {"message_id": "m"})

    async def whatsapp(self, request: Request) -> HTTPResponse:
        body = request.json
        self.expect(request.headers.get("authorization") == f"Bearer {TOKEN}", "token")
        self.expect(body["messaging_product"] == "whatsapp", "messaging_product")
        if "status" in body:
            self.signs.append(body)
            return json({"success": True})
        if body["type"] == "text":
            self.expect(0 < len(body["text"]["body"]) <= 4096, "length of text")
        else:
            self._check_interactive(body["interactive"])
        return self._taken(body, {"messages": [{"id": "wamid"}]})

    def _check_interactive(self, shown: dict[str, Any]) -> None:
        self.expect(0 < len(shown["body"]["text"]) <= 1024, "length of body")
        if shown["type"] == "button":
            replies = [button["reply"] for button in shown["action"]["buttons"]]
            self.expect(0 < len(replies) <= 3, "number of buttons")
            self.expect(all(len(r["title"]) <= 20 and len(r["id"]) <= 256 for r in replies), "button")
        else:
            rows = [row for section in shown["action"]["sections"] for row in section["rows"]]
            self.expect(0 < len(rows) <= 10, "number of rows")
            self.expect(all(len(r["title"]) <= 24 and len(r["id"]) <= 200 for r in rows), "row")
            self.expect(len(shown["action"]["button"]) <= 20, "button of the list")

    async def media(self, request: Request, media: str) -> HTTPResponse:
        self.expect(request.headers.get("authorization") == f"Bearer {TOKEN}", "token")
        return json({"url": f"{self.base}/cdn/{media}"}) if media in self.files else json({}, 404)

    async def cdn(self, request: Request, name: str) -> HTTPResponse:
        return raw(self.files[name])

    def _taken(self, body: dict[str, Any], answer: dict[str, Any]) -> HTTPResponse:
        if self.trouble:
            status, problem = self.trouble.pop(0)
            return json(problem, status)
        self.sent.append(body)
        self.times.append(time.monotonic())
        return json(answer)

    # --- what was sent, whatever the vendor

    @property
    def texts(self) -> list[str]:
        return [_text(body) for body in self.sent]

    def buttons(self, at: int = -1) -> list[tuple[str, str]]:
        """(label, token) of a message's buttons or rows."""
        body = self.sent[at]
        keyboard = (body.get("reply_markup") or {}).get("inline_keyboard", ())
        found = [(button["text"], button["callback_data"]) for row in keyboard for button in row]
        replies = (body.get("message") or {}).get("quick_replies", ())
        found += [(reply["title"], reply["payload"]) for reply in replies]
        action = (body.get("interactive") or {}).get("action") or {}
        found += [(b["reply"]["title"], b["reply"]["id"]) for b in action.get("buttons", ())]
        return found + [(r["title"], r["id"]) for s in action.get("sections", ()) for r in s["rows"]]


def _text(body: dict[str, Any]) -> str:
    if "message" in body:
        return str(body["message"]["text"])
    if "interactive" in body:
        return str(body["interactive"]["body"]["text"])
    return str(body["text"]["body"] if isinstance(body["text"], dict) else body["text"])


class Writer:
    """A person in a chat: makes the updates the vendor would send."""

    def __init__(self, channel: str, chat: str = "4711") -> None:
        self.channel = channel
        self.chat = chat
        self._number = int(chat) * 1000

    def says(self, text: str) -> dict[str, Any]:
        return self._message({"text": text})

    def presses(self, token: str) -> dict[str, Any]:
        number = self._next()
        if self.channel == "telegram":
            pressed = {"id": "cb", "data": token, "from": self._person(), "message": {"chat": self._chat()}}
            return {"update_id": number, "callback_query": pressed}
        if self.channel == "messenger":
            return self._message({"text": "x", "quick_reply": {"payload": token}})
        return self._message({"interactive": {"type": "button_reply", "button_reply": {"id": token}}})

    def gives(self, file: str, name: str) -> dict[str, Any]:
        return self._message({"file": file, "name": name})

    def batch(self, *updates: dict[str, Any]) -> dict[str, Any]:
        """Several in one delivery, as Meta does it."""
        first, *others = jsonlib.loads(jsonlib.dumps(updates))
        for other in others:
            if self.channel == "messenger":
                first["entry"][0]["messaging"] += other["entry"][0]["messaging"]
            else:
                value = other["entry"][0]["changes"][0]["value"]
                first["entry"][0]["changes"][0]["value"]["messages"] += value["messages"]
        return dict(first)

    def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        number = self._next()
        if self.channel == "telegram":
            message = {"chat": self._chat(), "from": self._person(), "message_id": number}
            if "file" in content:
                message["document"] = {"file_id": content["file"], "file_name": content["name"]}
            else:
                message |= content
            return {"update_id": number, "message": message}
        if self.channel == "messenger":
            message = {"mid": f"m{number}"} | content
            if "file" in content:
                payload = {"url": content["file"]}
                message = {"mid": f"m{number}", "attachments": [{"type": "file", "payload": payload}]}
            event = {"sender": {"id": self.chat}, "timestamp": number, "message": message}
            return {"object": "page", "entry": [{"id": "1", "messaging": [event]}]}
        return self._whatsapp(number, content)

    def _whatsapp(self, number: int, content: dict[str, Any]) -> dict[str, Any]:
        message: dict[str, Any] = {"id": f"wamid.{number}", "from": self.chat}
        if "text" in content:
            message |= {"type": "text", "text": {"body": content["text"]}}
        elif "file" in content:
            message |= {"type": "document", "document": {"id": content["file"], "filename": content["name"]}}
        else:
            message |= {"type": "interactive"} | content
        contact = {"wa_id": self.chat, "profile": {"name": "Anna Testowa"}}
        value = {"metadata": {"phone_number_id": NUMBER}, "contacts": [contact], "messages": [message]}
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _chat(self) -> dict[str, Any]:
        return {"id": int(self.chat), "type": "private"}

    def _person(self) -> dict[str, Any]:
        return {"id": int(self.chat), "first_name": "Anna", "last_name": "Testowa"}

    def proof(self, body: bytes) -> dict[str, str]:
        """Headers with which the vendor proves itself."""
        if self.channel == "telegram":
            return {"x-telegram-bot-api-secret-token": SECRET}
        return {"x-hub-signature-256": "sha256=" + hmac.new(SECRET.encode(), body, sha256).hexdigest()}
