"""Articles to walk through besides the newsroom: an edited one, a story that needs a second page, and a run."""

from __future__ import annotations

from datetime import timedelta

from index.backend import Backend
from index.web.story_page import COPIES
from tests.index.contract.stories import fold_into_one_story
from tests.index.web import told
from tests.index.web.newsroom import NOW
from tests.make import make_article, make_run

MORE = 2  # copies on the second page
WIDE = [
    make_article(
        site=f"s{number}.example",
        url=f"https://s{number}.example/ice",
        title=f"Ледоход начался, сообщает s{number}",
        body="Ледоход на реке начался раньше обычного.",
        published_at=NOW - timedelta(days=3, minutes=-number),
    )
    for number in range(1 + COPIES + MORE)
]


def fill(backend: Backend) -> None:
    """Store and link all."""
    told.fill(backend)
    backend.put(WIDE)
    fold_into_one_story(backend, *WIDE)
    backend.put_run(make_run(WIDE[0].site, NOW - timedelta(hours=1)))
