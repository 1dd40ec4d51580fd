"""What an operation works with: the caller, the moment, the transaction and the world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.sandbox.catalogue import Catalogue, Service
from bot.sandbox.clock import warsaw_date
from bot.sandbox.problems import Problem
from bot.sandbox.relative import age_on
from bot.sandbox.store import Doc, Session


@dataclass(frozen=True, slots=True)
class Call:
    """A checked request: path and query parameters by name, JSON or form body, raw bytes."""

    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; `body` None = no content."""

    status: int
    body: Doc | None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a visit is for: the account's owner or a dependant."""

    id: str
    born: date
    proxy: bool

    def age(self, day: date) -> int:
        return age_on(self.born, day)

    def under_three(self, day: date) -> bool:
        """Until the day before the third birthday (A18)."""
        return self.age(day) < 3


@dataclass
class Context:
    """One request of one account, inside one transaction."""

    session: Session
    catalogue: Catalogue
    now: datetime
    account: Doc
    stepped_up: bool
    taken_by_fault: bool = False
    world: Doc = field(default_factory=dict)

    @property
    def account_id(self) -> str:
        return str(self.account["id"])

    @property
    def full(self) -> bool:
        return bool(self.account["level"] == "full")

    @property
    def today(self) -> date:
        return warsaw_date(self.now)

    def owner(self) -> Person:
        return Person(self.account_id, date.fromisoformat(self.account["birth_date"]), proxy=True)

    def dependants(self) -> list[Doc]:
        return self.session.owned("dependant", self.account_id)

    def person(self, patient_id: str | None) -> Person:
        """Self or a dependant; anybody else does not exist (404)."""
        if patient_id is None or patient_id == self.account_id:
            return self.owner()
        doc = self.mine("dependant", patient_id)
        return Person(doc["id"], date.fromisoformat(doc["birth_date"]), proxy=doc["proxy"])

    def mine(self, kind: str, object_id: str) -> Doc:
        """A document of this account; Problem NOT_FOUND also when it is somebody else's."""
        doc = self.session.get(kind, object_id)
        if doc is None or doc.get("account") != self.account_id:
            raise Problem("NOT_FOUND")
        return doc

    def all_mine(self, kind: str, patient_id: str | None = None) -> list[Doc]:
        """This account's documents, of one person when named."""
        docs = self.session.owned(kind, self.account_id)
        if patient_id is None:
            return docs
        wanted = self.person(patient_id).id
        return [doc for doc in docs if doc["patient_id"] == wanted]

    def save(self, kind: str, doc: Doc) -> None:
        self.session.put(kind, self.account_id, doc)

    def service(self, service_id: str) -> Service:
        """Problem NOT_FOUND for a service the network does not have."""
        if service_id not in self.catalogue.services:
            raise Problem("NOT_FOUND")
        return self.catalogue.services[service_id]

    def require_full(self) -> None:
        """R3: functions of the full account."""
        if not self.full:
            raise Problem("ACCOUNT_LEVEL_REQUIRED", {"level": "full"})

    def require_step_up(self) -> None:
        """Results and prescriptions need a fresh confirmation of identity on the portal."""
        if not self.stepped_up:
            raise Problem("STEP_UP_REQUIRED")


Handler = Callable[[Context, Call], Answer]
