"""A team's folder of functions, and a database to apply it to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from dbtool import repeatables
from dbtool.config import Source

TABLES = """
create schema app;
create table app.items (
    item_id bigint generated always as identity,
    name text not null,
    price numeric not null default 0,
    constraint items_pkey primary key (item_id)
);
insert into app.items (name, price) values ('mug', 3), ('pot', 9);
"""


RESET = """
reset all;
drop schema if exists app, ops, ext cascade;
delete from dbtool.function_objects;
delete from dbtool.function_sets;
"""


@dataclass
class Team:
    """The folder, and a connection in autocommit mode."""

    source: Source
    connection: psycopg.Connection[Any]

    def write(self, **files: str) -> None:
        """Write functions/app/<name>.sql; an empty text deletes the file."""
        for name, text in files.items():
            path = self.source.root / f"functions/app/{name}.sql"
            path.parent.mkdir(parents=True, exist_ok=True)
            if text:
                path.write_text(text)
            else:
                path.unlink()

    def apply(self) -> repeatables.Report:
        with self.connection.transaction():
            return repeatables.apply(
                self.connection, self.source, repeatables.discover(self.source)
            )

    def one(self, query: str) -> Any:
        row = self.connection.execute(query.encode()).fetchone()
        return row[0] if row and len(row) == 1 else row

    def column(self, query: str) -> list[Any]:
        return [row[0] for row in self.connection.execute(query.encode())]

    def names(self) -> set[str]:
        return {live.object for live in repeatables.live_objects(self.connection, self.source)}

    def states(self) -> dict[str, str]:
        found = repeatables.compare(self.connection, repeatables.discover(self.source))
        return {name: state for (_, name), state in found.items()}
