"""What a request is refused with: a status and one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping

from communique.errors import CommuniqueError


class HttpError(CommuniqueError):
    """A request that is not answered; ``status`` is a status of HTTP, and the message one sentence for the client."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.headers = status, dict(headers or {})
        super().__init__(sentence)

    def __reduce__(self) -> tuple[type[HttpError], tuple[int, str, dict[str, str]]]:
        return HttpError, (self.status, str(self), self.headers)
