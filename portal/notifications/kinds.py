"""The kinds of notifications there are: features declare theirs in `parts.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.core.access import Viewer

Readable = Callable[["Viewer", Sequence[Any]], set[int]]
NOW, WEEKLY, OFF = "now", "weekly", "off"  # by mail soon, in the weekly letter, not by mail
CHOICES = (NOW, WEEKLY, OFF)


@dataclass(frozen=True, slots=True)
class NotificationType:
    """A kind: what the settings call it, how it comes by mail unless the member says otherwise, and how soon.

    `still_readable` answers which of some notifications (rows with id, group_key, url) the member may still see;
    a kind about things that can be closed to somebody later needs it (M1).
    """

    kind: str
    label: str
    mail: str = NOW
    mail_minutes: int | None = None  # None: the setting for all kinds
    icon: str = "bell"
    still_readable: Readable | None = None
    letter: bool = False  # its feature always writes a letter of its own: there is nothing to choose
    choices: tuple[str, ...] = CHOICES  # which of them make sense for it
    hint: str = ""  # a sentence under the label
    bell: bool = True  # whether it is told behind the bell; not what lies elsewhere on the site anyway
    concerns: Callable[[Viewer], bool] = lambda viewer: viewer.is_member  # whose settings show it
    order: int = 50  # where the settings show it
    nouns: tuple[str, str] = ("notice", "notices")  # one and many of it, for the weekly letter's subject


_types: dict[str, NotificationType] = {}


def register(*types: NotificationType) -> None:
    """Make kinds known."""
    _types.update({each.kind: each for each in types})


def type_of(kind: str) -> NotificationType:
    """The kind's declaration; a kind that nobody declared is a mistake in the program."""
    return _types[kind]


def every_type() -> list[NotificationType]:
    """All kinds that members choose about, as the settings show them."""
    return sorted((each for each in _types.values() if not each.letter), key=lambda each: (each.order, each.label))


def types_for(viewer: Viewer) -> list[NotificationType]:
    """The kinds that this member chooses about."""
    return [each for each in every_type() if each.concerns(viewer)]


def known(kind: str) -> bool:
    """Whether somebody declared this kind (old rows may outlive theirs)."""
    return kind in _types
