"""What an article costs on its way into its story, as the index grows.

    python -m benchmarks.stories [--sizes 10000,100000,300000] [--engine sqlite|ADDRESS] [--write docs]

One index grows to each size in one run; at each size a day's articles (1,000, in batches of 50 as a crawl stores
them) are stored and linked with a watch on every call. The articles are those of `benchmarks.news`, 1,000 a day
over 80 sites, so 300,000 are ten months. Growth compares medians with those at the first size: of CPU time on
SQLite, which is all in this process, of wall time on a cluster. `--write` puts the table into FOLDER/scale.md,
between its markers, and a plot into FOLDER/stories-cost.svg. A quarter of an hour or more on a quiet machine.
"""

from __future__ import annotations

import argparse
import math
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from rich.console import Console
from rich.table import Table

from benchmarks.engine import empty_index
from benchmarks.news import A_DAY, Newsroom
from benchmarks.plot import Panel, svg
from crawler.settings import SVODKA_BATCH
from index.engine import open_index
from index.progress import Shown, progress_bar
from index.stories.linker import link_batch

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend, Probe

T = TypeVar("T")

SIZES = (10_000, 100_000, 300_000)
FILLED_AT_ONCE = 500  # articles of one call while the index grows to a size
LIMIT = 1.5  # growth of any cost that is still called flat
BEGIN, END = "<!-- stories: begin -->", "<!-- stories: end -->"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one call, per article."""

    cpu: float
    wall: float


@dataclass(slots=True)
class Watch:
    """Hands every call on to a backend; keeps what look-ups of candidates cost and how many they found."""

    inner: Backend
    spent: list[Cost] = field(default_factory=list)  # of whole calls
    found: dict[str, int] = field(default_factory=dict)  # by article, when it was first looked up

    @property
    def backend(self) -> Backend:
        """This object as what it stands for."""
        return cast("Backend", self)

    def candidates(self, probes: Sequence[Probe], **bounds: int) -> list[list[str]]:
        """See `Backend.candidates`."""
        cost, found = watched(lambda: self.inner.candidates(probes, **bounds))
        self.spent.append(cost)
        for probe, ids in zip(probes, found, strict=True):
            self.found.setdefault(probe.id, len(ids))
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def watched(work: Callable[[], T], articles: int = 1) -> tuple[Cost, T]:
    """What a call cost per article, and its answer."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return Cost(*(1000 * seconds / articles for seconds in spent)), answer


def link_watched(backend: Backend, ids: Sequence[str]) -> tuple[Cost, Cost, list[int]]:
    """Link articles: costs of all and of the look-ups alone, and how many candidates each has."""
    watch = Watch(backend)
    cost, _ = watched(lambda: link_batch(watch.backend, ids), len(ids))
    look_up = Cost(
        sum(each.cpu for each in watch.spent) / len(ids), sum(each.wall for each in watch.spent) / len(ids)
    )
    return cost, look_up, [watch.found[id] for id in ids]


@dataclass(frozen=True, slots=True)
class Measured:
    """An index of one size: costs of each batch of a day, candidates of each article, bytes an article."""

    size: int
    store: list[Cost]
    link: list[Cost]
    look_up: list[Cost]
    candidates: list[int]
    bytes: float


def fill(backend: Backend, news: Iterator[Article], number: int, shown: Shown | None) -> None:
    """Store and link so many articles."""
    for done in range(0, number, FILLED_AT_ONCE):
        batch = list(islice(news, min(FILLED_AT_ONCE, number - done)))
        backend.put(batch)
        link_batch(backend, [each.id for each in batch])
        if shown:
            shown(f"growing by {number:,}", done + len(batch), number)


def measure(backend: Backend, news: Iterator[Article], size: int, probes: int = A_DAY) -> Measured:
    """Store and link a day's articles, watched."""
    store, link, look_up, found = list[Cost](), list[Cost](), list[Cost](), list[int]()
    for _ in range(0, probes, SVODKA_BATCH):
        batch = list(islice(news, SVODKA_BATCH))
        store.append(watched(lambda batch=batch: backend.put(batch), len(batch))[0])  # type: ignore[misc]  # bound at once
        linked, looked_up, candidates = link_watched(backend, [each.id for each in batch])
        link.append(linked)
        look_up.append(looked_up)
        found += candidates
    counts = backend.stats()
    if counts["pending"]:
        raise SystemExit(f"{counts['pending']:,} articles were not linked")
    return Measured(size, store, link, look_up, found, counts["bytes"] / counts["articles"])


def run(address: str, sizes: Sequence[int], probes: int = A_DAY, seed: int = 1) -> Iterator[Measured]:
    """Grow an index to each size in turn and measure there."""
    news, held = Newsroom(seed).articles(), 0
    with closing(open_index(address, create=False)) as backend, progress_bar("articles") as shown:
        for size in sizes:
            fill(backend, news, size - held, shown)
            yield measure(backend, news, size, probes)
            held = size + probes


@dataclass(frozen=True, slots=True)
class Row:
    """One cost over all sizes: medians (of candidates means) and 95th percentiles."""

    name: str
    values: list[float]
    high: list[float] | None = None
    bound: bool = True  # whether its growth is bounded by `LIMIT`

    @property
    def growth(self) -> float:
        """The last against the first."""
        return self.values[-1] / self.values[0] if self.values[0] else 1.0


def rows(measured: Sequence[Measured], clock: str) -> list[Row]:
    """All costs; `clock` (`CPU` or `wall`) says which time is bounded, the other is for information."""
    found = [[float(number) for number in each.candidates] for each in measured]
    costs = [Row("candidates", [statistics.fmean(each) for each in found], [p95(each) for each in found])]
    for each in sorted(("CPU", "wall"), key=lambda name: name != clock):
        costs += [
            _times(f"look-up, {each} ms", [_spent(one.look_up, each) for one in measured], each == clock),
            _times(f"link, {each} ms", [_spent(one.link, each) for one in measured], each == clock),
            _times(f"store, {each} ms", [_spent(one.store, each) for one in measured], each == clock),
        ]
    return [*costs, Row("disk, kB", [each.bytes / 1000 for each in measured])]


def _spent(costs: Sequence[Cost], clock: str) -> list[float]:
    return [cost.cpu if clock == "CPU" else cost.wall for cost in costs]


def _times(name: str, spent: Sequence[Sequence[float]], bound: bool) -> Row:
    return Row(name, [statistics.median(each) for each in spent], [p95(each) for each in spent], bound)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile, the nearest rank."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def table(costs: Sequence[Row], sizes: Sequence[int]) -> Table:
    """The costs for a terminal."""
    shown = Table("an article costs", *(f"{size:,}" for size in sizes), "growth", box=None)
    for row in costs:
        shown.add_row(row.name, *_cells(row), f"{row.growth:.2f}x{'!' * too_much(row)}")
    return shown


def markdown(costs: Sequence[Row], sizes: Sequence[int], note: str) -> str:
    """The costs for a document, under the line that says where they were measured."""
    lines = [note, "", f"| an article costs | {' | '.join(f'{size:,}' for size in sizes)} | growth |"]
    lines.append("| --- |" + " ---: |" * (len(sizes) + 1))
    lines += [f"| {row.name} | {' | '.join(_cells(row))} | {row.growth:.2f}× |" for row in costs]
    return "\n".join(lines)


def too_much(row: Row) -> bool:
    """Whether a cost has grown more than it may."""
    return row.bound and row.growth > LIMIT


def _cells(row: Row) -> list[str]:
    if row.high is None:
        return [f"{value:.2f}" for value in row.values]
    return [f"{value:.2f} ({high:.2f})" for value, high in zip(row.values, row.high, strict=True)]


def write(folder: Path, text: str, plot: str) -> None:
    """Replace what stands between the markers of scale.md, and the plot."""
    page = folder / "scale.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, marker, after = rest.partition(END)
    if not marker:
        raise SystemExit(f"{page}: the lines {BEGIN} and {END} are not there")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    (folder / "stories-cost.svg").write_text(plot, encoding="utf-8")


def _note(engine: str, clock: str, minutes: float) -> str:
    kind = "SQLite" if engine.startswith("sqlite") else "Elasticsearch"
    return (
        f"{kind}; medians of batches of {SVODKA_BATCH} (candidates: mean), in parentheses the 95th percentile; above, how "
        f"many articles the index held. Linking takes the look-up in. Python {platform.python_version()}, "
        f"{minutes:.0f} minutes in all."
    )


def _sizes(text: str) -> list[int]:
    sizes = [int(part) for part in text.split(",")]
    if any(later < earlier + 2 * A_DAY for earlier, later in zip([-A_DAY, *sizes], sizes, strict=False)):
        raise argparse.ArgumentTypeError(f"each size at least {2 * A_DAY:,} above the one before")
    return sizes


def main() -> int:
    """Print the table; exit status 1 when a cost has grown more than `LIMIT` times."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=_sizes, default=list(SIZES), metavar="N,N,...", help="articles, rising"
    )
    parser.add_argument("--engine", default="sqlite", metavar="ADDRESS", help="default: a temporary file")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="where scale.md is")
    args = parser.parse_args()
    clock, began = "CPU" if args.engine.startswith("sqlite") else "wall", time.perf_counter()
    with empty_index(args.engine) as address:
        costs = rows(list(run(address, args.sizes)), clock)
    console = Console()
    console.print(table(costs, args.sizes))
    if args.write:
        panels = [Panel(row.name, row.values) for row in costs if row.bound]
        note = _note(args.engine, clock, (time.perf_counter() - began) / 60)
        write(args.write, markdown(costs, args.sizes, note), svg(args.sizes, panels, limit=LIMIT))
    return 1 if any(map(too_much, costs)) else 0


if __name__ == "__main__":
    sys.exit(main())
