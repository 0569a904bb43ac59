"""The growth benchmark measures what it says, on a real index of a few articles."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.engine import empty_index
from benchmarks.stories import (
    BEGIN,
    END,
    Cost,
    Measured,
    Row,
    _sizes,
    markdown,
    p95,
    rows,
    run,
    table,
    too_much,
    write,
)
from index.engine import open_index


def test_a_small_run(tmp_path: Path) -> None:
    with empty_index(f"sqlite:///{tmp_path}/index.db") as address:
        measured = list(run(address, [100, 600], probes=100))
        with closing(open_index(address)) as backend:
            assert (backend.stats()["articles"], backend.check().faults) == (700, [])
    assert [each.size for each in measured] == [100, 600]
    for each in measured:
        assert (len(each.store), len(each.link), len(each.candidates)) == (2, 2, 100)
        assert all(cost.wall > 0 for cost in (*each.store, *each.link, *each.look_up))
        assert sum(cost.wall for cost in each.look_up) < sum(cost.wall for cost in each.link)
        assert 2_000 < each.bytes < 60_000
    assert sum(measured[1].candidates) > 0


def test_a_size_that_is_held_already_is_only_measured(tmp_path: Path) -> None:
    with empty_index(f"sqlite:///{tmp_path}/index.db") as address:
        assert [each.size for each in run(address, [0, 50], probes=50)] == [0, 50]


MEASURED = [
    Measured(1000, [Cost(1, 2), Cost(3, 4)], [Cost(2, 3)], [Cost(0.5, 1)], [0, 0, 3], 8000),
    Measured(9000, [Cost(2, 9), Cost(4, 9)], [Cost(4, 6)], [Cost(0.6, 9)], [0, 3, 3], 9000),
]


def test_rows_hold_medians_and_high_ends() -> None:
    costs = {row.name: row for row in rows(MEASURED, "CPU")}
    assert (costs["store, CPU ms"].values, costs["store, CPU ms"].high) == ([2, 3], [3, 4])
    assert costs["candidates"].values == [1, 2]
    assert costs["disk, kB"].values == [8, 9]
    assert {name for name, row in costs.items() if too_much(row)} == {"candidates", "link, CPU ms"}
    assert {row.name for row in rows(MEASURED, "wall") if too_much(row)} == {
        *("candidates", "link, wall ms", "look-up, wall ms", "store, wall ms")
    }


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (10, 10), (20, 19), (21, 20), (100, 95)])
def test_the_95th_percentile_is_the_nearest_rank(count: int, rank: int) -> None:
    assert p95([float(value) for value in range(count, 0, -1)]) == rank


def test_tables() -> None:
    costs = [Row("store, CPU ms", [1, 2], [1.5, 2.5]), Row("disk, kB", [8, 8.5])]
    assert markdown(costs, [1000, 20_000], "SQLite.").splitlines() == [
        "SQLite.",
        "",
        "| an article costs | 1,000 | 20,000 | growth |",
        "| --- | ---: | ---: | ---: |",
        "| store, CPU ms | 1.00 (1.50) | 2.00 (2.50) | 2.00× |",
        "| disk, kB | 8.00 | 8.50 | 1.06× |",
    ]
    assert list(table(costs, [1000, 20_000]).columns[-1].cells) == ["2.00x!", "1.06x"]


def test_what_is_written_replaces_what_was(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    page.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n", encoding="utf-8")
    for text in ("one", "two"):
        write(tmp_path, text, f"<svg>{text}</svg>")
    assert page.read_text(encoding="utf-8") == f"Before.\n\n{BEGIN}\ntwo\n{END}\n\nAfter.\n"
    assert (tmp_path / "stories-cost.svg").read_text(encoding="utf-8") == "<svg>two</svg>"


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "scale.md").write_text(f"{BEGIN} only", encoding="utf-8")
    with pytest.raises(SystemExit, match="are not there"):
        write(tmp_path, "text", "<svg/>")
    assert (tmp_path / "scale.md").read_text(encoding="utf-8") == f"{BEGIN} only"


@pytest.mark.parametrize("text", ["500", "10000,10500", "30000,10000"])
def test_sizes_leave_room_for_the_probes(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="above the one before"):
        _sizes(text)


def test_the_project_page_has_its_markers() -> None:
    page = Path(__file__).parents[2] / "docs" / "scale.md"
    assert page.read_text(encoding="utf-8").count(BEGIN) == 1
