"""A payment provider that does as its script says, for the demo and the tests.

It is outside the database, as real ones are: claim, commit, ask, record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg

RECEIVE = "select status, reason from payment.receive_provider_event(%s, %s, %s::jsonb)"
# What a step is called in events, and what its success and failure are called.
WORDS = {
    "payment": ("authorization", "approved", "declined"),
    "capture": ("capture", "succeeded", "failed"),
    "void": ("void", "succeeded", "failed"),
    "refund": ("refund", "succeeded", "failed"),
}


@dataclass(frozen=True)
class Answer:
    """What it says about a step, as the functions of payments take it."""

    outcome: str
    provider_ref: str | None = None
    error_code: str | None = None


@dataclass
class Provider:
    """Follow a script, a word for each key that is new; when it is used up, approve.

    approve       say so
    decline:CODE  refuse with that code
    timeout       neither do it nor answer; asked again, go on with the script
    late          do it without an answer; an event tells later
    twice         say so, and tell it once more by an event that is delivered twice
    double        do it twice, as no provider should; an event tells of the second time
    """

    script: Iterable[str] = ()
    name: str = "demo"
    answers: dict[str, Answer] = field(default_factory=dict)
    # Event by event: its key at the provider, and what it says.
    events: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = iter(self.script)

    def ask(self, step: str, key: str, amount: object, currency: str) -> Answer:
        """Do a step (payment, capture, void or refund) once a key, and answer."""
        if key in self.answers:
            return self.answers[key]
        kind, done, refused = WORDS[step]
        word, _, code = next(self._lines, "approve").partition(":")
        if word == "timeout":
            return Answer("timed_out")
        if word == "decline":
            self.answers[key] = Answer(refused, error_code=code or refused)
            return self.answers[key]
        reference = f"{step}_{key}"
        self.answers[key] = Answer(done, reference)
        event = {
            "kind": f"{kind}.{done}", "transaction": key, "provider_ref": reference,
            "amount": str(amount), "currency": currency,
        }  # fmt: skip
        if word == "late":
            self.events.append((f"event_{reference}", event))
            return Answer("timed_out")
        if word == "twice":
            self.events += [(f"event_{reference}", event)] * 2
        if word == "double":
            second = {**event, "provider_ref": f"{reference}_again"}
            self.events.append((f"event_{reference}_again", second))
        return self.answers[key]

    def deliver(self, connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
        """Deliver the events that wait, in their order; return what became of each."""
        delivered, self.events = self.events, []
        results = []
        for key, event in delivered:
            cursor = connection.execute(RECEIVE, (self.name, key, json.dumps(event)))
            results += [row[0] for row in cursor]
        return results
