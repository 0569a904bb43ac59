"""`Page`: the item that travels from the spider through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.extraction import Extracted
    from index.article import Article


@dataclass(slots=True, repr=False)
class Page:
    """A fetched page on its way to becoming an article."""

    link_id: str  # its entry in the ledger
    link_url: str  # as the source named it
    link_title: str | None  # as the source named it
    link_published: str | None  # as the source wrote it
    url: str  # final address after redirects
    fetched_at: datetime
    extracted: Extracted
    article: Article | None = None  # from the normalising pipeline on

    def __repr__(self) -> str:
        return f"Page({self.url})"  # Scrapy logs the item with an error; the text would fill the log
