"""The OpenSearch 1.1 description: a browser can add this search to its address bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.web.assets import asset_link
from index.web.xml import Maker, document

if TYPE_CHECKING:
    from index.web.messages import Messages

_MAKE = Maker("http://a9.com/-/spec/opensearch/1.1/")
_TYPES = {
    "text/html": "/",
    "application/atom+xml": "/search.atom",
    "application/json": "/search.json",
}


def described(base: str, t: Messages) -> bytes:
    """The description of the search at `base` ('http://127.0.0.1:8000')."""
    # The format has at most 16 characters for the first and 1,024 for the second.
    root = _MAKE(
        "OpenSearchDescription",
        _MAKE("ShortName", t("site.name")),
        _MAKE("Description", t("site.opensearch")),
        _MAKE("InputEncoding", "UTF-8"),
        _MAKE("Image", base + asset_link("icon.svg"), type="image/svg+xml"),
        *(
            _MAKE("Url", type=media_type, template=f"{base}{path}?q={{searchTerms}}&page={{startPage?}}")
            for media_type, path in _TYPES.items()
        ),
    )
    return document(root)
