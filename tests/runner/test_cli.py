"""The command itself: help, completion, output, and how it ends."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from runner_project import DBTOOL, Project

from dbtool.cli import COMMANDS, cli


def dbtool(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DBTOOL, *arguments], capture_output=True, text=True, cwd=cwd, env=environment or None
    )


def test_help_lists_every_command_without_loading_any(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['dbtool', '--help']\n"
        "from dbtool.cli import main\n"
        "try: main()\n"
        "finally: print(*(m for m in sys.modules if m.startswith('dbtool.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0
    for name, help_text in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(help_text)}$", done.stdout, re.MULTILINE)
    assert "Exit codes: 0 done, 1 failed, 2 usage, 3 pending" in done.stdout
    assert "_DBTOOL_COMPLETE=bash_source" in done.stdout
    assert sorted(done.stderr.split()) == ["dbtool.cli", "dbtool.errors"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_and_its_exit_codes(offline: Project, command: str) -> None:
    found = cli.get_command(click.Context(cli), command)
    inner = [(command, name) for name in found.commands] if isinstance(found, click.Group) else []
    results = [offline.run(*words, "--help") for words in inner or [(command,)]]
    assert all(result.code == 0 for result in results)
    assert any(re.search(rf"Examples?:[^-]*\bdbtool {command}\b", r.out) for r in results)
    assert all(re.search(r"Exit codes:\s", result.out) for result in results)


def test_version(offline: Project) -> None:
    assert offline.run("--version").out.startswith("dbtool, version ")


def test_completion_knows_the_commands(tmp_path: Path) -> None:
    done = dbtool(
        cwd=tmp_path,
        _DBTOOL_COMPLETE="bash_complete",
        COMP_WORDS="dbtool mi",
        COMP_CWORD="1",
        PATH="/usr/bin:/bin",
    )
    assert done.stdout.split() == ["plain,migrate"]


def test_results_go_to_stdout_and_progress_to_stderr(project: Project) -> None:
    project.file(1, "select 1;")
    result = project.migrate("--json")
    assert result.json == [{"source": "wish", "version": 1, "file": "V0001__Step_1.sql"}]
    assert re.fullmatch(r"applied wish/migrations/V0001__Step_1\.sql in \d+ ms\n", result.err)
    assert project.migrate("--json").json == []


def test_plan_and_status_in_json(project: Project) -> None:
    project.file(1, "set local lock_timeout = 0; select 1;")
    assert project.run("plan", "--json").json == {
        "due": True,
        "pending": [
            {
                "source": "wish",
                "version": 1,
                "file": "V0001__Step_1.sql",
                "kind": "transaction",
                "statements": 2,
                "options": [],
            }
        ],
        "functions": {},
    }
    project.migrate("--env", "test")
    status = project.run("status", "--json").json
    assert status["environment"] == "test"
    assert status["unfinished"] is False
    assert re.match(r"\d\d", status["server_version"])
    [line] = status["migrations"]
    assert (line["state"], line["version"], line["applied_by"]) == ("applied", 1, "postgres")


def test_readers_change_nothing(project: Project) -> None:
    project.file(1, "create table one ();")
    for command in (("plan",), ("status",), ("plan", "--offline")):
        assert project.run(*command).code == 0
    assert project.query("select from pg_namespace where nspname = 'dbtool'") == []
    assert project.value("select to_regclass('one')") is None


@pytest.mark.parametrize("command", ["plan", "status"])
def test_exit_code_three_when_pending(project: Project, command: str) -> None:
    project.file(1, "select 1;")
    assert project.run(command).code == 0
    assert project.run(command, "--exit-code").code == 3
    project.migrate()
    assert project.run(command, "--exit-code").code == 0


def test_new_prints_the_two_files(offline: Project) -> None:
    result = offline.run("new", "Add wishlists")
    assert result.out.split() == [
        str(offline.root / "wish/migrations/V0001__Add_wishlists.sql"),
        str(offline.root / "wish/migrations/U0001__Add_wishlists.sql"),
    ]
    assert offline.run("plan", "--offline").code == 2


def test_a_reader_that_has_seen_enough_is_no_error(offline: Project) -> None:
    for number in range(1, 400):
        offline.file(number, "select 1;")
    command = " ".join(DBTOOL)
    done = subprocess.run(
        ["bash", "-c", f"{command} plan --offline | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        cwd=offline.root,
    )
    assert done.stderr == ""
    first, code = done.stdout.splitlines()
    assert first == "wish  V0001__Step_1.sql  transaction"
    assert code in ("0", "1")


def test_interrupted_while_it_is_being_loaded(offline: Project) -> None:
    script = """
import sys
from dbtool.__main__ import main

class Finder:
    def find_spec(self, name, *_):
        if name == "dbtool.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder())
main()
"""
    result = offline.python(script)
    assert (result.code, result.err) == (130, "dbtool: interrupted\n")


def test_an_unexpected_error_of_the_server_is_described(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.query("alter table dbtool.migrations rename column state to condition")
    project.file(2, "select 2;")
    result = project.run("migrate")
    assert result.code == 1
    assert "SQLSTATE 42703" in result.err
