"""Each rule about files: a bad example is found, a good one is not."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

from dbtool import config, lintrules


def rules(root: Path) -> list[str]:
    return [found.rule for found in lintrules.check(config.read_source(root))]


def test_the_good_folder_has_no_findings(tmp_path: Path) -> None:
    assert rules(examples.write(tmp_path, {})) == []


@pytest.mark.parametrize("example", examples.EXAMPLES, ids=lambda example: example.rule)
def test_bad_is_found_once_and_good_is_not(example: examples.Example, tmp_path: Path) -> None:
    bad = examples.write(tmp_path / "bad", example.bad)
    assert rules(bad).count(example.rule) == 1
    good = examples.write(tmp_path / "good", example.good)
    assert example.rule not in rules(good)


def test_a_registered_code_that_nothing_raises(tmp_path: Path) -> None:
    codes = examples.GOOD[examples.CODES].replace("'SHX01'", "'SHX01' || 'SHX03'")
    root = examples.write(tmp_path, {examples.CODES: codes})
    messages = [found.message for found in lintrules.check(config.read_source(root))]
    assert messages == [
        "SHX03 is registered, but nothing raises it",
        "SHX03 is raised by no test (`throws_ok`)",
    ]


def test_lines_are_those_of_what_is_wrong(tmp_path: Path) -> None:
    text = (
        "set local role acme_owner;\n\ncreate table acme.x (\n    a bigint references acme.y\n);\n"
    )
    root = examples.write(tmp_path, {examples.CHANGE: text})
    (found,) = lintrules.check(config.read_source(root))
    assert (found.rule, found.line, found.path) == (
        "missing_on_delete", 4, root / examples.CHANGE
    )  # fmt: skip
