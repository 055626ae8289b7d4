"""docs/health.md describes each check, with the thresholds that it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from health_support import NAMES, PACKAGED, Check, Connect

from dbtool import checks

PAGE = Path(__file__).parents[2] / "docs/health.md"
SECTIONS = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.M | re.S))


def test_each_check_has_a_section_and_each_section_a_check() -> None:
    assert list(SECTIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_section_says_what_it_means_and_what_to_do(name: str) -> None:
    for label in ("Meaning", "Threshold", "Remedy"):
        assert f"**{label}.** " in SECTIONS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_begins_with_a_title_and_the_reason_for_its_threshold(name: str) -> None:
    lines = checks.files([PACKAGED])[name].read_text().splitlines()
    assert re.fullmatch(r"-- [A-Z].{10,96}\.", lines[0])
    assert lines[1] == "--"
    assert lines[2].startswith("-- ")


def test_the_figures_of_the_thresholds_are_those_of_the_page(
    shop: str, connect: Connect, check: Check
) -> None:
    connection = connect(shop)
    for name in NAMES:
        for finding in check(connection, name):
            for figure in re.findall(r"\d+", finding.threshold or ""):
                assert re.search(rf"\b{figure}\b", SECTIONS[name]), (name, figure)
