"""One request as the pages see it: what is asked, in which language and zone, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from index.search.parse import parse
from index.web.asked import Asked, asked_of
from index.web.language import LANGUAGES, preferred
from index.web.messages import Messages, messages

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.search.query import Query
    from index.web.options import Options


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made for."""

    asked: Asked
    t: Messages
    zone: ZoneInfo
    now: datetime

    @property
    def query(self) -> Query:
        """The parsed query; raises `QueryError`."""
        asked = self.asked
        return parse(
            asked.text,
            now=self.now,
            zone=self.zone,
            copies=asked.copies,
            sort=asked.sort,
            limit=asked.limit,
            offset=asked.offset,
        )


def visit_of(request: Request) -> Visit:
    """The visit that a request is; raises `BadParameter`."""
    options: Options = request.app.state.options
    asked = asked_of(request.query_params)
    zone = ZoneInfo(asked.zone) if asked.zone else options.zone
    return Visit(asked, messages_for(request), zone, options.clock())


def messages_for(request: Request) -> Messages:
    """The reader's language: the one that was chosen, else what the browser likes best."""
    chosen = request.query_params.get("lang", "")
    return messages(chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", "")))
