"""What a mail server reports about a mail that it could not deliver (RFC 3464): read, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"\b([45])\d\d\b")
SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# About us, the mail or the moment, whatever the first digit says: no fault of the address.
NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")


@dataclass(frozen=True, slots=True)
class Report:
    """One mail could not be delivered: the addresses the report went to, and whether trying again would be of use."""

    sent_to: tuple[str, ...]
    hard: bool
    said: str


def read(raw: bytes) -> Report | None:
    """The report that a message is; None for anything else, such as somebody's answer, or news of a delay."""
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        if message.get_content_type() != "multipart/report":
            return None
        failed = [said for said in map(_failure, _recipients(message)) if said]
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return None
    if not failed:
        return None
    return Report(tuple(_sent_to(message)), any(map(is_hard, failed)), failed[0][:500])


def is_hard(said: str) -> bool:
    """Whether a server's words mean that this address takes no mail for good: 5.x.x, but about the address itself."""
    found = STATUS.search(said)
    if found is not None:
        return found[1] == "5" and not found[0].startswith(NOT_THE_ADDRESS)
    reply = REPLY.search(said)
    return reply is not None and reply[1] == "5"


def _recipients(message: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    """The groups of fields about each recipient; the first group is about the mail."""
    for part in message.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            yield from (group for group in _groups(part.get_payload()) if "Action" in group)


def _groups(payload: Any) -> Iterator[Message[Any, Any]]:
    """The groups of a report; of an international one the parser makes one message with the others in its body."""
    for group in payload if isinstance(payload, list) else []:
        yield group
        rest = group.get_payload()
        if isinstance(rest, str):
            yield from (message_from_string(text) for text in re.split(r"\r?\n\r?\n", rest.strip()) if text)


def _failure(group: Message[Any, Any]) -> str:
    """What was said about a recipient who was not reached; empty when the server is still trying."""
    if str(group["Action"]).strip().lower() != "failed":
        return ""
    status, said = str(group.get("Status", "")).strip(), " ".join(str(group.get("Diagnostic-Code", "")).split())
    return f"{status} {said}".strip()


def _sent_to(message: Message[Any, Any]) -> Iterator[str]:
    for name in SENT_TO:
        for _, address in getaddresses([str(value) for value in message.get_all(name, [])]):
            yield address
