"""Remember what the managed schemas look like, and tell what was changed by hand since."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbtool.config import Source
from dbtool.ledger import SQL

if TYPE_CHECKING:
    from dbtool.database import Connection

RECORD = (SQL / "drift_record.sql").read_bytes()
COMPARE = "select kind, object, change, before, after from dbtool.drift()"


@dataclass(frozen=True)
class Change:
    """One object that is not what it was; `what` is added, removed or changed."""

    kind: str
    object: str
    what: str
    before: str | None
    after: str | None


def record(connection: Connection, sources: Iterable[Source], keep: Sequence[Change] = ()) -> None:
    """Store what the schemas look like now; pass what had drifted before as `keep`."""
    schemas = sorted({schema for source in sources for schema in source.schemas})
    changes = json.dumps([dataclasses.asdict(change) for change in keep])
    connection.execute(RECORD, {"schemas": schemas, "keep": changes})


def compare(connection: Connection) -> list[Change]:
    """Return what was changed by hand since the last migrate."""
    return [Change(*row) for row in connection.execute(COMPARE)]
