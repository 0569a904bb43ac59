"""XML documents of one namespace, made from texts that may hold anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes elements of a namespace."""

    namespace: str

    def __call__(self, name: str, *content: str | _Element, **attributes: str) -> _Element:
        """An element with attributes, and a text or child elements in it."""
        made = etree.Element(f"{{{self.namespace}}}{name}", nsmap={None: self.namespace})  # type: ignore[dict-item]  # the stubs lack the default namespace, whose prefix is None
        for key, value in attributes.items():
            made.set(key, clean(value))
        for each in content:
            if isinstance(each, str):
                made.text = clean(each)
            else:
                made.append(each)
        return made


def document(root: _Element) -> bytes:
    """The document with its declaration, in UTF-8."""
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found


def clean(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return _NOT_XML.sub(" ", text)
