from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule.crontab import (
    BEGIN,
    END,
    escape_percent,
    folder_of,
    installed_block,
    make_block,
    with_block,
    without_block,
)
from crawler.schedule.refusal import ScheduleRefused

BLOCK = make_block("/desk", ["*/5 * * * * cd /desk && svodka crawl --due"])
OTHERS = [
    "",
    "\n",
    "# a comment only\n",
    "MAILTO=desk@example.org\nPATH=/opt/bin:/usr/bin\n0 3 * * * backup\n",
    "0 3 * * * backup\r\n# Windows\r\n@reboot start\r\n",
    "0 3 * * * date +\\%F\n\n\n   \n\t0 4 * * * indented\n",
    "0 3 * * * echo \udcff\udcfe\x0c\x85\u2028 odd bytes\n",
    "# >>> conda initialize >>>\n0 3 * * * conda\n# <<< conda initialize <<<\n",
]


@pytest.mark.parametrize("text", OTHERS)
def test_every_other_line_stays_and_removing_gives_the_same_back(text: str) -> None:
    written = with_block(text, BLOCK)
    assert written == text + BLOCK
    assert installed_block(written) == BLOCK
    assert with_block(written, BLOCK) == written
    assert without_block(written) == text
    assert without_block(text) == text


@given(st.lists(st.text(st.characters(exclude_characters="\n")).filter(lambda line: "svodka" not in line)))
def test_whatever_the_lines_are(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assert without_block(with_block(text, BLOCK)) == text


def test_a_last_line_without_an_end_gets_one() -> None:
    written = with_block("0 3 * * * backup", BLOCK)
    assert written == "0 3 * * * backup\n" + BLOCK
    assert without_block(written) == "0 3 * * * backup\n"


def test_a_block_is_replaced_where_it_stands() -> None:
    other = make_block("/desk", ["* * * * * other"])
    text = with_block("first\n", BLOCK) + "last without end"
    assert with_block(text, other) == f"first\n{other}last without end"
    assert without_block(text) == "first\nlast without end"


def test_a_block_that_an_editor_has_given_windows_line_ends() -> None:
    text = f"first\r\n{BLOCK}".replace("\n", "\r\n").replace("\r\r", "\r") + "last\r\n"
    assert folder_of(installed_block(text)) == "/desk"
    assert without_block(text) == "first\r\nlast\r\n"


@pytest.mark.parametrize(
    "damage",
    [
        f"{BEGIN}\n* * * * * x\n",
        f"* * * * * x\n{END}\n",
        f"{END}\n{BEGIN}\n",
        f"{BLOCK}{BLOCK}",
        f"{BEGIN}\n{BLOCK}",
        f"{BLOCK}{END}\n",
    ],
)
def test_damaged_markers_are_refused_with_their_lines_and_what_to_do(damage: str) -> None:
    for change in (lambda text: with_block(text, BLOCK), without_block, installed_block):
        with pytest.raises(ScheduleRefused, match="crontab -e") as caught:
            change(f"0 3 * * * backup\n{damage}")
        assert "line 2: #" in str(caught.value) or "line 3: #" in str(caught.value)


@pytest.mark.parametrize(
    ("folder", "line", "reason"),
    [
        ("/a\nb", "x", "line break"),
        ("/a", "x\r", "line break"),
        ("/a", "x" * 999, "longer than"),
        ("/a", "ж" * 500, "longer than"),
    ],
)
def test_what_a_crontab_cannot_hold(folder: str, line: str, reason: str) -> None:
    with pytest.raises(ScheduleRefused, match=reason):
        make_block(folder, [line])


def test_percent_signs_are_escaped() -> None:
    assert escape_percent("date +%F > /100%") == r"date +\%F > /100\%"
