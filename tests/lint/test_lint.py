"""The tools behind `dbtool lint`, the comments that allow a finding, the command, and its page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import examples
import pytest
import test_catalogue

from dbtool import config, lint, lintrules
from dbtool.config import Settings, packaged_sql
from dbtool.errors import ConfigError

PROJECT = Path(__file__).parent.parent.parent
SET_ROLE = "set local role acme_owner;\n\n"
GUIDE = f"""\
{SET_ROLE}create table acme.stock_levels (
    sku text not null,
    on_hand integer not null,
    reserved integer not null default 0,
    constraint stock_levels_pkey primary key (sku),
    -- Over-selling is refused here, not in the callers.
    constraint stock_levels_reserved_within_on_hand_check check (reserved <= on_hand)
);
comment on column acme.stock_levels.reserved is 'Units promised to open orders.';

insert into acme.stock_levels (sku, on_hand) values
    ('MUG-RED', 1),
    ('MUG-BLUE', 2);

select
    l.sku,
    l.on_hand - l.reserved as free
from acme.stock_levels as l
where l.on_hand > 0
and l.reserved > 0
order by l.sku;
"""


def settings(root: Path, changed: dict[str, str] | None = None) -> Settings:
    source = config.read_source(examples.write(root / "sql", changed or {}))
    return Settings((source,), None, None, root)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (SET_ROLE + "create index things_idx on acme.things (thing_id);\n",
         ["squawk/require-concurrent-index-creation"]),
        (SET_ROLE + "create table acme.x (a int);\n\ncreate index x_a_idx on acme.x (a);\n", []),
        ("-- dbtool: no-transaction\ncreate index concurrently things_idx on acme.things (a);\n",
         []),
        ("-- dbtool: no-transaction\ndrop index acme.things_idx;\n",
         ["squawk/require-concurrent-index-deletion"]),
        (SET_ROLE + "alter table acme.things add column b bigint not null;\n",
         ["squawk/adding-required-field"]),
        (SET_ROLE + "-- squawk-ignore adding-required-field\n"
         "alter table acme.things add column b bigint not null;\n", []),
        (SET_ROLE + "create table things (a bigint);\n", ["squawk/require-table-schema"]),
    ],
)  # fmt: skip
def test_squawk_sees_each_migration_in_its_mode(
    tmp_path: Path, text: str, rules: list[str]
) -> None:
    squawk = shutil.which("squawk", path=Path(sys.executable).parent)
    assert squawk
    (source,) = settings(tmp_path, {examples.CHANGE: text}).sources
    rows = list(lint.unsafe_ddl(squawk, source))
    assert [row.rule for row in rows] == rules
    assert all(row.line == text.count("\n") for row in rows)


def test_the_form_of_the_guide_passes_and_other_forms_do_not(tmp_path: Path) -> None:
    bad = {
        "sqlfluff/CP01": "SELECT 1;\n",
        "sqlfluff/AL02": "select t.a b from acme.things as t;\n",
        "sqlfluff/LT04": "select\n    1\n    , 2;\n",
        "sqlfluff/LT12": "select 1;\n\n\n",
    }
    changed = {f"checks/lint/{rule[-4:].lower()}.sql": text for rule, text in bad.items()}
    given = settings(tmp_path, {examples.CHANGE: GUIDE} | changed)
    rows = [row for row in lint.run(given, None) if row.rule != "form"]
    assert {(row.rule, row.path.stem) for row in rows} == {
        (rule, rule[-4:].lower()) for rule in bad
    }


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("-- lint: allow lock_table: nobody writes to it yet", []),
        ("-- Why.\n-- lint: allow lock_table: nobody writes to it yet", []),
        ("-- lint: allow lock_table: yes", [("lock_table", 4), ("allowance", 3)]),
        ("-- lint: allow lock_table", [("lock_table", 4), ("allowance", 3)]),
        ("-- lint: allow form: lines may be long here", [("lock_table", 4), ("allowance", 3)]),
        ("-- lint: allow lock_table: nobody writes to it\n", [("lock_table", 5), ("allowance", 3)]),
        ("-- lint: allow lock_table on acme.things: nobody writes to it", [("lock_table", 4)]),
    ],
)
def test_allowing_a_finding(tmp_path: Path, comment: str, expected: list[tuple[str, int]]) -> None:
    text = f"{SET_ROLE}{comment}\nlock table acme.things;\n"
    (source,) = settings(tmp_path, {examples.CHANGE: text}).sources
    file = source.root / examples.CHANGE
    left = lint.allow(lintrules.check(source), [file], with_objects=False)
    assert [(row.rule, row.line) for row in left] == expected


def test_allowing_an_object_of_the_database(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text(
        "-- lint: allow primary_key on acme.logs: rows are never named\n"
        "-- lint: allow primary_key on acme.gone: it was dropped since\n"
    )
    row = lintrules.Finding(file, 7, "primary_key", "acme.logs: has none", object="acme.logs")
    other = lintrules.Finding(file, 7, "primary_key", "acme.more: has none", object="acme.more")
    left = list(lint.allow([row, other], [file], with_objects=True))
    assert [(one.rule, one.line) for one in left] == [("primary_key", 7), ("allowance", 2)]
    assert list(lint.allow([row], [file], with_objects=False)) == []


def test_a_missing_tool_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings(tmp_path)
    with monkeypatch.context() as without:
        without.setattr(lint.shutil, "which", lambda *_, **__: None)
        with pytest.raises(ConfigError, match="squawk is not installed") as error:
            lint.run(given, None)
    assert "pip install" in error.value.hint
    monkeypatch.setattr(lint.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="sqlfluff is not installed"):
        lint.run(given, None)


def test_an_installed_source_is_left_alone(tmp_path: Path) -> None:
    mine = settings(tmp_path).sources[0]
    shop = config.read_source(packaged_sql())
    assert lint.sources(Settings((shop, mine), None, None, tmp_path)) == (mine,)
    assert lint.sources(Settings((shop, mine), None, None, PROJECT)) == (shop, mine)
    assert lint.sources(Settings((shop,), None, None, tmp_path)) == (shop,)


def dbtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-m", "dbtool", "lint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_files_only_needs_no_database(tmp_path: Path) -> None:
    examples.write(tmp_path / "sql", {examples.CHANGE: f"{SET_ROLE}lock table acme.things;\n"})
    (tmp_path / "dbtool.toml").write_text('packaged = false\n[[sources]]\npath = "sql"\n')
    done = dbtool(tmp_path, "--files-only")
    assert done.returncode == 1
    assert done.stdout == (
        "sql/migrations/V2__Change.sql:3: lock_table: holds a lock to the end of the file\n"
        "    Leave it out: each statement takes the lock that it needs.\n"
    )
    assert "1 findings" in done.stderr
    assert "psycopg" not in done.stderr


def test_json_and_the_catalogue(tmp_path: Path, server_url: str) -> None:
    role = f"lint_owner_{os.getpid()}"
    first = f"""\
create role {role} nologin;
create schema acme authorization {role};
grant create on schema public to {role};

set local role {role};

comment on schema acme is 'Things.';
"""
    changed = {
        "dbtool.toml": f'name = "acme"\nowner = "{role}"\nschemas = ["acme"]\n',
        "migrations/V1__Things.sql": first,
        examples.CHANGE: f"set local role {role};\n\ncreate table acme.x (y bigint);\n",
    }
    files = examples.GOOD.keys() - {"dbtool.toml"} - changed.keys()
    examples.write(tmp_path / "sql", changed | dict.fromkeys(files, ""))
    for name in ("U1__Things.sql", "U2__Change.sql"):
        (tmp_path / "sql/migrations" / name).write_text(f"set local role {role};\n\nselect 1;\n")
    (tmp_path / "dbtool.toml").write_text('packaged = false\n[[sources]]\npath = "sql"\n')
    checks = tmp_path / "sql/checks/lint"
    checks.mkdir(parents=True)
    (checks / "short_names.sql").write_text(
        "select\n    'warning' as level, 'acme.x' as object, 'is short' as message, null as hint;\n"
    )
    done = dbtool(tmp_path, "--json", "--database-url", server_url)
    rows = [(row["rule"], row["line"], row["level"]) for row in json.loads(done.stdout)]
    assert rows == [("short_names", 3, "warning")]
    assert done.returncode == 0


def test_every_rule_has_an_example_and_a_section() -> None:
    files = {example.rule for example in examples.EXAMPLES}
    catalogue = {path.stem for path in (packaged_sql() / "checks/lint").glob("*.sql")}
    assert catalogue == {example[0] for example in test_catalogue.EXAMPLES}
    text = (Path(lintrules.__file__)).read_text()
    named = set(re.findall(r'(?:\.at\([^)]*?|Finding\([^)]*?)"([a-z]+(?:_[a-z]+)*)",', text, re.S))
    assert named <= files
    assert {rule["rule"] for group in lintrules.PATTERNS.values() for rule in group} <= files
    page = (PROJECT / "docs/lint.md").read_text()
    assert set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == files | catalogue | {
        "allowance"
    }
