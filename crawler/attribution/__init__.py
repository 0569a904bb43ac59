"""Whose text is it? Signs of other houses on a page, weighed. `docs/attribution.md` has forms and rules."""

from crawler.attribution.attribute import Attribution, attribute

__all__ = ["Attribution", "attribute"]
