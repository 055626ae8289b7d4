from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from drift_support import Team


@pytest.fixture
def team(
    empty_database: str, tmp_path: Path, connect: Callable[..., psycopg.Connection[Any]]
) -> Team:
    """A team's own folder of SQL, with two migrations and two functions, not migrated yet."""
    team = Team(tmp_path, empty_database, connect(empty_database, autocommit=True))
    team.write(
        {
            "dbtool.toml": 'packaged = false\nsources = [{path = "db"}]\n',
            "db/dbtool.toml": 'name = "team"\nschemas = ["app"]\n',
            "db/migrations/V1__Items.sql": """
                create schema app;
                create table app.items (
                    item_id bigint generated always as identity,
                    name text not null,
                    created_at timestamptz not null default now(),
                    constraint items_pkey primary key (item_id)
                );
                insert into app.items (name) values ('mug'), ('pot');
            """,
            "db/migrations/U1__Items.sql": "drop table app.items; drop schema app;",
            "db/migrations/V2__Prices.sql": "alter table app.items add price numeric default 1;",
            "db/migrations/U2__Prices.sql": "alter table app.items drop column price;",
            "db/functions/app/names.sql": "create or replace view app.names as"
            " select i.name, i.price from app.items as i;",
            "db/functions/app/total.sql": "create or replace function app.total() returns numeric"
            " language sql as $$ select sum(n.price) from app.names as n $$;",
        }
    )
    return team
