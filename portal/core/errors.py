"""The five domain errors; each message is a sentence that a person understands and says what to do."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Something the person can be told about."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Missing(DomainError):
    """It does not exist, or not for you: the two look alike."""

    status = 404


class Gone(Missing):
    """It existed, and its time is over: a used link, an expired invitation."""

    status = 410


class NotAllowed(DomainError):
    """You may see it, but not do this to it."""

    status = 403


class Conflict(DomainError):
    """Somebody was faster; `details` holds what both sides wrote."""

    status = 409

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details


class Invalid(DomainError):
    """The input can't be accepted; `field` names the input it belongs to, when there is one."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooMany(DomainError):
    """Too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
