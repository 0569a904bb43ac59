"""The consistency check of an index in Elasticsearch: every document read, every fault one line.

Writers go on meanwhile, so on a busy index a fault may be a story that is being linked at this moment; the
next check has it no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from index.backend import Check
from index.elastic.checks.documents import article_faults, pending_faults, run_faults, state_faults
from index.elastic.checks.revisions import revision_faults
from index.elastic.checks.stories import alias_faults, edge_faults, story_faults
from index.elastic.client import Missing
from index.elastic.lifecycle import require_ready
from index.elastic.schema import KINDS
from index.tally import Tally

if TYPE_CHECKING:
    from index.elastic.engine import Engine
    from index.tally import Progress

Part = Callable[["Engine", Tally], Iterator[str]]
PARTS: tuple[Part, ...] = (
    alias_faults,
    article_faults,
    revision_faults,
    pending_faults,
    state_faults,
    run_faults,
    edge_faults,
    story_faults,
)


def check(engine: Engine, progress: Progress | None = None) -> Check:
    """Prove that articles, earlier texts, stories, pairs, marks and aliases agree.

    An alias that is missing is a fault. Raises IndexUnavailable for an index of another version.
    """
    tally, faults = Tally(progress), list[str]()
    try:
        require_ready(engine)
    except Missing as error:
        return Check({}, [str(error)])
    for kind in KINDS:
        engine.written(kind)  # so that each part reads what others have written until then
    for part in PARTS:
        faults += part(engine, tally)
    return Check(dict(tally.counts), faults)
