"""The pictures of docs/kibana.md are what the demo's answers give today, on both majors."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from index.kibana import svg
from index.kibana.pictures import CAPTION, PICTURES, main, pictures
from index.kibana.replay.request import Context
from tests.index.kibana.conftest import NOW, Desk

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.xdist_group("kibana")
def test_the_pictures_in_the_documentation_are_of_today(desk: Desk) -> None:
    context = Context(NOW - timedelta(days=7), NOW)
    made = pictures(desk.catalogue, desk.prefix, context, desk.ask)
    assert list(made) == [f"kibana-{name}.svg" for name in PICTURES]
    for name, text in made.items():
        assert text == (DOCS / "img" / name).read_text("utf-8"), f"{name}: see index/kibana/pictures.py"
        assert CAPTION in ElementTree.fromstring(text)[-1].text  # type: ignore[operator]  # the caption has text
        assert f"img/{name}" in (DOCS / "kibana.md").read_text("utf-8")


def test_hostile_and_empty_values_are_drawn() -> None:
    hostile = '<script>&"]]>' + "я" * 500
    bars = [svg.Bar(hostile, 0), svg.Bar("", 3)]
    for height, drawn in (
        svg.lying(bars), svg.lying([]), svg.ring(bars), svg.ring([]), svg.figures(bars), svg.figures([]),
        svg.stacked([("1 Nov", bars)], [hostile, ""]), svg.stacked([], []),
        svg.table(("a", "b"), (100, 100), [(hostile, "")]), svg.table((), (), []),
    ):  # fmt: skip
        root = ElementTree.fromstring(svg.page(hostile, "caption", height, drawn))
        assert not [each for each in root.iter() if each.tag.endswith("script")]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--index", "http://127.0.0.1:9", "--until", "2026-11-20T15:00:00+00:00"], 1, "! Elasticsearch at 127.0.0.1:9"),
        (["--index", "http://127.0.0.1:9", "--until", "2026-11-20"], 2, "has no UTC offset"),
        (["--help"], 0, "make demo SVODKA_INDEX"),
    ],
)  # fmt: skip
def test_as_a_command(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    command = [sys.executable, "-m", "index.kibana.pictures", *arguments, str(tmp_path / "img")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert told in done.stdout + done.stderr
    assert not (tmp_path / "img").exists()


@pytest.mark.xdist_group("kibana")
def test_it_writes_the_files(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (host,) = (node.base_url for node in desk.es.transport.node_pool.all())
    until = datetime(2026, 11, 20, 15, tzinfo=UTC).isoformat()
    assert main(["--index", host, "--name", desk.prefix, "--until", until, str(tmp_path / "new")]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(PICTURES)
    assert len(list((tmp_path / "new").glob("kibana-*.svg"))) == len(PICTURES)
