"""A real index that counts how often it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from index.backend import Backend


class Counted:
    """Hands every call on to a backend; `calls` counts them by name, `asked` keeps the first argument."""

    def __init__(self, backend: Backend) -> None:
        self.calls = Counter[str]()
        self.asked: list[tuple[str, Any]] = []
        self._backend = backend

    @property
    def backend(self) -> Backend:
        """This object as what it stands for."""
        return cast("Backend", self)

    @property
    def batch(self) -> int:
        """As `Backend.batch`."""
        return self._backend.batch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._backend, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls[name] += 1
            self.asked.append((name, arguments[0] if arguments else None))
            return method(*arguments, **named)

        return call
