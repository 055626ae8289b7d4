"""See the plan of every statement that a call runs, on behalf of whom."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

sys.path.append(str(Path(__file__).parents[2] / "bench" / "shop"))
import flows

Connection = psycopg.Connection[Any]
SIZE = flows.Size(variants=100_000, orders=100_000)
# How often each flow is run: a session plans a statement for its values five times, and then it may
# keep one plan for all.
TURNS = 7
EXPLAIN = """
load 'auto_explain';
set auto_explain.log_min_duration = 0;
set auto_explain.log_nested_statements = on;
set auto_explain.log_analyze = on;
set auto_explain.log_timing = off;
set auto_explain.log_buffers = on;
set auto_explain.log_format = json;
set client_min_messages = log;
set jit = off;
"""
# A last turn is about tables so small that reading them as a whole is cheaper than any index.
AVOID_SCANS = "set enable_seqscan = off; discard plans"
SILENT = "set auto_explain.log_min_duration = -1; reset client_min_messages"
PLAN = re.compile(r"plan:\n(\{.*\})", re.DOTALL)
NAMED = re.compile(r"\b[a-z]+\.[a-z_]+\b")
# The functions that a statement was run by, as the server's CONTEXT names them.
RUN_BY = re.compile(r'function (?:"(?P<sql>\w+)"|[a-z]+\.(?P<plpgsql>\w+)\()')


@dataclass(frozen=True)
class Plan:
    """A statement as it was run: on whose behalf, and every node of its plan."""

    called: str
    query: str
    is_forced: bool
    names: frozenset[str]
    nodes: tuple[dict[str, Any], ...]


@dataclass
class Run:
    """What running all flows has shown."""

    plans: list[Plan] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


class Watch:
    """Collect the plans of what a connection runs."""

    def __init__(self, connection: Connection, run: Run) -> None:
        self.connection, self.run = connection, run
        self.statement = ""
        self.is_forced = False

    def __enter__(self) -> Watch:
        self.connection.execute(EXPLAIN)
        self.connection.add_notice_handler(self.note)
        return self

    def __exit__(self, *exception: object) -> None:
        self.connection.remove_notice_handler(self.note)
        self.connection.execute(SILENT)

    def note(self, notice: psycopg.errors.Diagnostic) -> None:
        found = PLAN.search(notice.message_primary or "")
        if not found:
            return
        told = json.loads(found[1])
        running = {
            match["sql"] or match["plpgsql"] for match in RUN_BY.finditer(notice.context or "")
        }
        asked = {name.partition(".")[2] for name in NAMED.findall(self.statement)}
        call = flows.CALL.match(self.statement)
        self.run.plans.append(
            Plan(
                called=call[1] if call else self.statement,
                query=told.get("Query Text", ""),
                is_forced=self.is_forced,
                names=frozenset(running | asked),
                nodes=tuple(nodes(told["Plan"])),
            )
        )
