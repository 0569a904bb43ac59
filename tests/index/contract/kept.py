"""`KeptIndices`: one index a worker and node, emptied after each test: that takes a quarter of making a new one."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from tests.nodes.engines import Engine, engine_on

if TYPE_CHECKING:
    from tests.nodes.shared import SharedNodes


class KeptIndices:
    """The indices, by the node they are on; deleted at the end."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def engine(self, name: str, nodes: SharedNodes) -> Engine:
        """The node of this name (`elastic_params`), with a prefix under which nothing is, or only empty indices."""
        if name not in self._engines:
            prefix = f"t-{secrets.token_hex(6)}"
            self._engines[name] = self._stack.enter_context(engine_on(nodes, name, prefix))
        return self._engines[name]

    def empty(self, engine: Engine) -> None:
        """Delete every document, just written ones too."""
        with engine.client() as client:
            names = f"{engine.prefix}*"
            client.indices.refresh(index=names)
            client.delete_by_query(index=names, query={"match_all": {}}, conflicts="proceed", refresh=True)
