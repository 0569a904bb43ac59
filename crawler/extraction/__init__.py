"""From a page's bytes to an article's fields: `extract`, a pure function."""

from crawler.extraction.extracted import Extracted
from crawler.extraction.page import extract

__all__ = ["Extracted", "extract"]
