"""Whatever is called in whatever order, the database answers as a page of Python says it should.

Calls come one at a time, over three connections at three isolation levels; after each of them all
figures that inventory.get_stock shows are compared with the model's, and each invariant is checked.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import hypothesis.strategies as st
from harness import (
    ADJUST,
    CANCEL,
    COMMIT,
    COUNT,
    DONE,
    EXTEND,
    LEVELS,
    LOCATE,
    LONG,
    MERGE,
    RECEIVE,
    RELEASE,
    RESET,
    SET_STOCK,
    SHIP,
    SPLIT,
    SWEEP,
    Connection,
    Job,
    Outcome,
    attempt,
    call,
    connected,
    counts,
    items,
    keep_stock,
    keeper,
    open_items,
    reserve,
    violations_in,
)
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

SKUS = ("A", "B")
PLACES = ("MAIN", "EAST")
OWNERS = ("session:a", "order:1")
CEILING, LIMIT = 10_000, 5
SHORT, NO_SLOT, EXPIRED, CLOSED, HELD = "SHI01", "SHI02", "SHI04", "SHI05", "SHI06"
TOO_MANY, NO_STOCK, EXCEEDS, STALE = "SHI07", "SHI09", "SHI10", "SHC02"

LEVELS_NOW = "select * from inventory.get_stock(array['A', 'B'], null, true)"
LAPSE = """
update inventory.inventory_reservations
set expires_at = clock_timestamp() - interval '1 second'
where variant_id || '-' || reservation_id = any (%s) and status = 'active'
"""
OPEN_OR_CLOSE = "update inventory.locations set is_active = %s where code = 'EAST'"

Place = tuple[str, str]
skus = st.sampled_from(SKUS)
places = st.sampled_from(PLACES)
owners = st.sampled_from(OWNERS)
few = st.integers(1, 8)
connections = st.integers(0, len(LEVELS) - 1)
wishes = st.dictionaries(skus, few, min_size=1)
picks = st.lists(st.integers(0, 10**6), min_size=1, max_size=3)


@dataclass(frozen=True)
class Hold:
    """A reservation; once lapsed it is overdue, and nobody has been told whether it is closed."""

    place: Place
    owner: str
    quantity: int
    status: str = "active"


@dataclass(frozen=True)
class Level:
    """A stock row."""

    on_hand: int = 0
    version: int = 1
    buckets: int = 1


class Shop(RuleBasedStateMachine):
    """The model of the stock, and the calls that must agree with it."""

    def __init__(self, callers: Sequence[Connection], owner: Connection) -> None:
        super().__init__()
        self.callers = callers
        self.database = owner
        self.levels: dict[Place, Level] = {}
        self.holds: dict[str, Hold] = {}
        self.is_east_open = True
        self.answered: list[tuple[Job, Any]] = []
        self.calls = 0

    def make(self, who: int, job_of_key: Any, expected: str) -> Outcome:
        """Make a call with a new key; fail unless it ends as expected."""
        self.calls += 1
        job = job_of_key(f"key {self.calls}")
        outcome = attempt(self.callers[who], job)
        assert outcome.sqlstate == expected, outcome
        if outcome.is_done:
            self.answered.append((job, outcome.rows))
        return outcome

    def kept_back(self, place: Place) -> int:
        return sum(
            hold.quantity
            for hold in self.holds.values()
            if hold.place == place and hold.status in ("active", "consumed")
        )

    def free(self, place: Place) -> int:
        """Return what can be promised at a place, as if it were open."""
        level = self.levels.get(place)
        return level.on_hand - self.kept_back(place) if level else 0

    def available(self, place: Place) -> int:
        return self.free(place) if place[1] == "MAIN" or self.is_east_open else 0

    def chosen(self, numbers: Sequence[int], status: str) -> list[str]:
        """Pick holds: mostly of a status, so that most calls make sense, or any at all."""
        known = [handle for handle, hold in self.holds.items() if hold.status == status]
        pool = known if known and numbers[0] % 4 else list(self.holds)
        return list(dict.fromkeys(pool[number % len(pool)] for number in numbers))

    @initialize(units=st.lists(st.integers(0, 40), min_size=4, max_size=4))
    def open(self, units: list[int]) -> None:
        self.database.execute(RESET)
        keep_stock(self.database.info.dsn, dict.fromkeys(SKUS, 0))
        self.database.execute(LOCATE, ["EAST", "East", 2, None])
        for number, place in enumerate((sku, code) for sku in SKUS for code in PLACES):
            if units[number]:
                self.receive(0, *place, units[number])

    @rule(
        who=connections,
        kind=st.sampled_from(["receive", "set", "adjust"]),
        sku=skus,
        code=places,
        units=st.integers(0, 40) | st.just(CEILING + 1),
        is_stale=st.integers(0, 5).map(lambda number: number == 0),
    )
    def edit_stock(
        self, who: int, kind: str, sku: str, code: str, units: int, is_stale: bool
    ) -> None:
        """Let staff change what is on hand; now and then they saw an old version."""
        level = self.levels.get((sku, code))
        version = (level.version if level else 0) + is_stale
        if kind == "receive":
            self.receive(who, sku, code, units or 1)
        elif kind == "set":
            expected = self.edit((sku, code), units, version)
            self.make(who, lambda key: call(SET_STOCK, sku, units, version, code, key), expected)
        else:
            delta = units - 20 or 1
            expected = self.edit((sku, code), (level.on_hand if level else 0) + delta, version)
            self.make(who, lambda key: call(ADJUST, sku, delta, version, code, key), expected)

    def receive(self, who: int, sku: str, code: str, units: int) -> None:
        level = self.levels.get((sku, code), Level())
        expected = DONE if level.on_hand + units <= CEILING else TOO_MANY
        self.make(who, lambda key: call(RECEIVE, items({sku: units}), code, key), expected)
        if expected == DONE:
            self.change((sku, code), units)

    def change(self, place: Place, delta: int) -> None:
        level = self.levels.get(place, Level())
        self.levels[place] = replace(
            level, on_hand=level.on_hand + delta, version=level.version + 1
        )

    def edit(self, place: Place, units: int, version: int) -> str:
        """Say how an edit ends, and make it."""
        level = self.levels.get(place)
        if level is None and version != 0:
            return NO_STOCK
        if (level.version if level else 0) != version:
            return STALE
        if units > CEILING:
            return TOO_MANY
        if units < self.kept_back(place):
            return HELD
        self.levels.setdefault(place, Level())
        if delta := units - self.levels[place].on_hand:
            self.change(place, delta)
        return DONE

    @rule(
        who=connections,
        code=places,
        counted=st.dictionaries(skus, st.integers(0, 50), min_size=1),
    )
    def count(self, who: int, code: str, counted: dict[str, int]) -> None:
        outcome = self.make(who, lambda key: call(COUNT, counts(counted), code, key), DONE)
        for row in outcome.rows:
            place = (row.sku, code)
            if counted[row.sku] < self.kept_back(place):
                assert (row.outcome, row.error) == ("refused", "STOCK_IS_HELD")
                continue
            before = self.levels.get(place, Level()).on_hand
            assert (row.outcome, row.on_hand_before, row.on_hand) == (
                "counted",
                before,
                counted[row.sku],
            )
            self.change(place, counted[row.sku] - before)

    @rule(
        who=connections,
        owner=owners,
        code=st.none() | places,
        wanted=wishes,
    )
    def reserve(self, who: int, owner: str, code: str | None, wanted: dict[str, int]) -> None:
        self.promise(who, owner, code, wanted)

    @rule(who=connections, owner=owners, wanted=wishes)
    def reserve_anywhere(self, who: int, owner: str, wanted: dict[str, int]) -> None:
        self.promise(who, owner, None, wanted)

    @rule(who=connections, sku=skus)
    def fill_the_places(self, who: int, sku: str) -> None:
        for _ in range(LIMIT + 1):
            self.promise(who, "session:a", None, {sku: 1})

    @rule(who=connections, wanted=wishes)
    def sell(self, who: int, wanted: dict[str, int]) -> None:
        handles = self.promise(who, "order:1", None, wanted)
        if handles:
            self.make(who, lambda key: call(COMMIT, handles, key), DONE)
            self.mark(handles, "consumed")

    def promise(self, who: int, owner: str, code: str | None, wanted: dict[str, int]) -> list[str]:
        codes = [code] if code else list(PLACES)
        expected = DONE
        for sku, quantity in wanted.items():
            at = [self.available((sku, code)) for code in codes]
            taken = sum(
                1
                for hold in self.holds.values()
                if (hold.place[0], hold.owner, hold.status) == (sku, owner, "active")
            )
            needed = 1 if max(at) >= quantity else 2
            if sum(at) < quantity:
                expected = SHORT
                break
            if owner.startswith("session:") and taken + needed > LIMIT:
                expected = NO_SLOT
        outcome = self.make(who, lambda key: reserve(wanted, owner, key, code), expected)
        promised = dict.fromkeys(wanted, 0)
        for row in outcome.rows:
            place = (row.sku, row.location)
            assert row.location in codes
            assert 0 < row.quantity <= self.available(place)
            promised[row.sku] += row.quantity
            self.holds[row.reservation] = Hold(place, owner, row.quantity)
        assert promised == wanted or expected != DONE
        return [row.reservation for row in outcome.rows]

    def finished(self, handles: Sequence[str]) -> str:
        """Say how a call on active holds ends."""
        states = {self.holds[handle].status for handle in handles}
        if states & {"consumed", "released", "done"}:
            return CLOSED
        return EXPIRED if states & {"lapsed", "expired"} else DONE

    def mark(self, handles: Sequence[str], status: str) -> None:
        for handle in handles:
            self.holds[handle] = replace(self.holds[handle], status=status)

    @precondition(lambda self: self.holds)
    @rule(who=connections, numbers=picks, is_sale=st.booleans())
    def extend_or_commit(self, who: int, numbers: list[int], is_sale: bool) -> None:
        handles = self.chosen(numbers, "active")
        expected = self.finished(handles)
        self.make(who, lambda key: call(COMMIT if is_sale else EXTEND, handles, key), expected)
        if expected == DONE and is_sale:
            self.mark(handles, "consumed")

    @precondition(lambda self: self.holds)
    @rule(who=connections, numbers=picks)
    def release(self, who: int, numbers: list[int]) -> None:
        """An overdue hold may be released, unless somebody has expired it."""
        handles = self.chosen(numbers, "active")
        job = call(RELEASE, handles, None)
        outcome = attempt(self.callers[who], job)
        expected = self.finished(handles)
        states = {self.holds[handle].status for handle in handles}
        if expected == EXPIRED and "expired" not in states:
            assert outcome.sqlstate in (DONE, EXPIRED), outcome
        else:
            assert outcome.sqlstate == expected, outcome
        if outcome.is_done:
            self.mark(handles, "released")

    @precondition(lambda self: self.holds)
    @rule(who=connections, numbers=picks, is_shipment=st.booleans(), part=st.none() | few)
    def ship_or_cancel(
        self, who: int, numbers: list[int], is_shipment: bool, part: int | None
    ) -> None:
        handles = self.chosen(numbers, "consumed")
        holds = [self.holds[handle] for handle in handles]
        expected = DONE
        if any(hold.status != "consumed" for hold in holds):
            expected = CLOSED
        elif part and any(hold.quantity < part for hold in holds):
            expected = EXCEEDS
        lines = open_items(handles, part)
        self.make(who, lambda key: call(SHIP if is_shipment else CANCEL, lines, key), expected)
        if expected == DONE:
            for handle, hold in zip(handles, holds, strict=True):
                left = hold.quantity - (part or hold.quantity)
                # The model needs what is open only.
                self.holds[handle] = replace(
                    hold, quantity=left, status="consumed" if left else "done"
                )
                if is_shipment:
                    self.change(hold.place, left - hold.quantity)

    @precondition(lambda self: self.holds)
    @rule(numbers=picks)
    def lapse(self, numbers: list[int]) -> None:
        handles = [h for h in self.chosen(numbers, "active") if self.holds[h].status == "active"]
        self.database.execute(LAPSE, [handles])
        self.mark(handles, "lapsed")

    @rule(
        who=connections,
        what=st.sampled_from(["sweep", "open or close", "bucket"]),
        sku=skus,
        buckets=st.sampled_from([1, 2, 5, 16, 64]),
    )
    def manage(self, who: int, what: str, sku: str, buckets: int) -> None:
        if what == "sweep":
            self.sweep(who)
        elif what == "bucket":
            self.rebucket(who, sku, buckets)
        else:
            self.is_east_open = not self.is_east_open
            self.database.execute(OPEN_OR_CLOSE, [self.is_east_open])

    def sweep(self, who: int) -> None:
        outcome = attempt(self.callers[who], call(SWEEP))
        assert outcome.is_done
        lapsed = [handle for handle, hold in self.holds.items() if hold.status == "lapsed"]
        assert sum(row.reservations for row in outcome.rows) <= len(lapsed)
        self.mark(lapsed, "expired")

    def rebucket(self, who: int, sku: str, buckets: int) -> None:
        level = self.levels.get((sku, "MAIN"))
        query = SPLIT if level and buckets > level.buckets else MERGE
        outcome = attempt(self.callers[who], call(query, sku, buckets))
        if level is None:
            assert outcome.sqlstate == NO_STOCK
        else:
            assert [row.buckets for row in outcome.rows] == [buckets]
            self.levels[sku, "MAIN"] = replace(level, buckets=buckets)

    @precondition(lambda self: self.answered)
    @rule(who=connections, number=st.integers(0, 10**6))
    def repeat(self, who: int, number: int) -> None:
        """Repeat any call that was answered: the answer is the same, and nothing changes."""
        job, rows = self.answered[number % len(self.answered)]
        assert attempt(self.callers[who], job).rows == rows

    @invariant()
    def agrees(self) -> None:
        rows = self.database.execute(LEVELS_NOW).fetchall()
        shown = {
            (row.sku, row.location): (
                row.current_stock,
                row.reserved_quantity,
                row.available_stock,
                row.version,
            )
            for row in rows
        }
        assert shown == {
            place: (level.on_hand, self.kept_back(place), self.available(place), level.version)
            for place, level in self.levels.items()
        }
        assert violations_in(self.database) == []


def any_sequence_of_calls(url: str, rng: random.Random, phases: Sequence[Phase]) -> None:
    with ExitStack() as stack:
        callers = [stack.enter_context(connected(url, 1, level))[0] for level in LEVELS]
        owner = stack.enter_context(keeper(url))

        class Machine(Shop):
            def __init__(self) -> None:
                super().__init__(callers, owner)

        run_state_machine_as_test(
            seed(rng.getrandbits(64))(Machine),
            settings=settings(
                max_examples=400 if LONG else 12,
                stateful_step_count=80 if LONG else 40,
                deadline=None,
                database=None,
                phases=phases,
                print_blob=True,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_any_sequence_of_calls(shop: str, rng: random.Random) -> None:
    any_sequence_of_calls(shop, rng, [Phase.generate, Phase.shrink])
