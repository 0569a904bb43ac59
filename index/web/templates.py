"""The Jinja templates. Whatever is put into them is escaped; nothing that comes from a page is ever marked safe."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from index.search.results import as_html
from index.web.asked import understood
from index.web.assets import asset_link
from index.web.language import LANGUAGES
from index.web.links import web_link

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.web.messages import Messages

FOLDER = Path(__file__).parent / "templates"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=straight,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"asset": asset_link, "languages": LANGUAGES}
    made.filters |= {"passage": passage, "web_link": web_link}
    return made


def straight(value: object) -> object:
    """What is put into a page, without the characters that turn the direction of all that follows.

    <bdi> does not hold them: its end is taken for that of the last one that was left open (UAX #9, rules X5a to X6a).
    """
    if not isinstance(value, str):
        return value
    text = _TURNING.sub("", value)
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704 - it was markup before


def passage(text: str) -> Markup:
    """A passage with its matched words in <mark>; all else in it is escaped."""
    return Markup(as_html(text))  # noqa: S704 - as_html escapes, and adds nothing but <mark>


def render(name: str, request: Request, t: Messages, **values: Any) -> str:
    """A page: its template with what every page needs, which is the request's path, its search and the words."""
    known: dict[str, Any] = {"t": t, "path": request.url.path, "asked": understood(request.query_params)}
    return environment().get_template(name).render(known | values)
