"""Story ids in a query, brought up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.search.query import And, Filter, Node, Not, Or, Query

if TYPE_CHECKING:
    from index.backend import Backend


def with_present_stories(backend: Backend, query: Query) -> Query:
    """The query with each `story:ID` naming the story that the article with this id is in now.

    A story's id is its smallest article's: a smaller one that joins changes it, and the earlier id keeps leading to
    the story. An id of no article stays as it is. Raises what `Backend.story` raises.
    """
    return replace(query, root=And(tuple(_present(backend, part) for part in query.root.parts)))


def _present(backend: Backend, node: Node) -> Node:
    if isinstance(node, Filter) and node.field == "story":
        members = backend.story(node.value)
        return replace(node, value=(members[0].story_id or node.value) if members else node.value)
    if isinstance(node, Not):
        return Not(_present(backend, node.part))
    if isinstance(node, And | Or):
        return replace(node, parts=tuple(_present(backend, part) for part in node.parts))
    return node
