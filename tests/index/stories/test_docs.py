"""docs/stories.md names the bounds that are in force, and every one that `explain` names."""

from __future__ import annotations

import re
from pathlib import Path

from index.stories import parameters
from index.stories.verdict import _TEXT_RULES

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose head begins with a word."""
    table = DOCS.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_bounds_are_those_in_force() -> None:
    shown = {name.strip("`"): value for name, value, _ in rows("bound")}
    for name, value in shown.items():
        bound = getattr(parameters, name)
        assert value == (f"{bound:.0%}" if isinstance(bound, float) else str(bound)), name


def test_every_bound_that_explain_names_is_there() -> None:
    words = (ROOT / "index" / "stories" / "explained_rule.py").read_text(encoding="utf-8")
    text = (ROOT / "index" / "stories" / "explained_text.py").read_text(encoding="utf-8")
    imported = re.search(r"from index\.stories\.parameters import (.+)", text)
    assert imported
    named = {*re.findall(r"limit\.([A-Z_]+)", words), *imported[1].split(", ")}
    assert named == {name.strip("`") for name, _, _ in rows("bound")}


def test_every_rule_is_there() -> None:
    shown = {rule for names, _ in rows("rule") for rule in re.findall("`(.+?)`", names)}
    assert shown == {"copy", "marked_copy", "numbers", "names", *(rule for rule, _ in _TEXT_RULES)}
