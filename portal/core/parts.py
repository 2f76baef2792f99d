"""What a feature gives to the house: the app wires it, lower layers never import upwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    import click
    from flask import Blueprint, Flask

    from portal.core.access import Viewer
    from portal.core.settings import Setting


class PersonData(Protocol):
    """What a feature keeps about a person: counted, moved on a merge, exported, erased."""

    tables: tuple[str, ...]

    def count(self, person_id: int) -> int: ...

    def export(self, person_id: int) -> dict[str, Any]: ...

    def move(self, old_id: int, new_id: int) -> None: ...

    def erase(self, person_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class ReportedThing:
    """What moderation needs to know of a thing that was reported."""

    kind: str
    public_id: str
    title: str
    url: str
    html: str
    author_id: int
    board_id: int | None
    is_hidden: bool
    state: str = "visible"  # or hidden, held (waits for a moderator), withdrawn (by its author)
    context: list[Any] = field(default_factory=list)


class Reportable(Protocol):
    """A kind of thing that members may report and moderators decide about."""

    kind: str

    def find(self, viewer: Viewer, public_id: str) -> ReportedThing: ...

    def load(self, public_id: str) -> ReportedThing: ...

    def set_hidden(self, public_id: str, hidden: bool, reason: str, *, by: Viewer) -> None: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found; `person` is shown with a photo, others with their title and excerpt."""

    title: str
    url: str
    text: Any = ""
    meta: tuple[str, ...] = ()
    at: Any = None
    person: Any = None
    key: tuple[Any, ...] = ()  # of a text that comes later: what it is made of


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what was found; `before` leads on, `more_url` to the feature's own, fuller page."""

    items: list[Hit]
    before: int | None = None
    more_url: str = ""


class SearchSource(Protocol):
    """A tab of the one search box; it shows what the viewer may see and nothing else (M1, P1)."""

    kind: str
    label: str

    def search(self, viewer: Viewer, query: str, *, before: int | None = None) -> Hits: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation; `shown` asks the viewer, `badge` may count."""

    label: str
    endpoint: str
    icon: str
    order: int
    shown: Callable[[Viewer], bool] = lambda viewer: viewer.is_member
    badge: Callable[[Viewer], int] | None = None
    section: str = "main"  # main | own | settings | admin | day (what one begins there) | advocates, pipeline (tabs)
    prefix: str | tuple[str, ...] = ""  # endpoints that count as this entry, when not the blueprint's
    group: str = ""  # a heading over this entry and those of the same group that follow


@dataclass(frozen=True, slots=True)
class TaskCard:
    """Something that is asked of a viewer now, for home and the day's pages."""

    label: str
    url: str
    count: int = 1
    icon: str = "check2-circle"


class Deadline(NamedTuple):
    """A clock that runs, or ran out, on a piece of the programme's work: the cockpit shows these, oldest first."""

    kind: str  # the words of its sort: "Nomination", "Ask", "Referral"
    title: str
    url: str
    due_at: datetime
    next_step: str  # one thing to do, as a verb: "Write to her"
    owner: str = ""  # a name; empty: nobody has it yet
    since: datetime | None = None
    all_url: str = ""  # where everything of its sort stands


class Clocks(Protocol):
    """Deadlines of a feature that the viewer may know of, or only the viewer's own: the oldest first, at most `limit`."""

    def __call__(self, viewer: Viewer, limit: int, *, mine: bool = False) -> list[Deadline]: ...


@dataclass(frozen=True, slots=True)
class LetterPiece:
    """One thing in a member's weekly letter; `url` is a path on the site."""

    key: str  # the feature's name for it, to ask again whether it may be seen
    title: str
    url: str
    text: str = ""  # a few words under the title
    quoted: bool = False  # the words are a quotation
    meta: str = ""  # who, where, why
    about: str = ""  # "topic:5": in one letter a thing is told once, by whichever part comes first
    place: str = ""  # the firm or board that the subject may name
    count: int = 1  # how many events stand behind it


class LetterPart(Protocol):
    """A part of the weekly letter: its title, its place in it, and what it has to tell a member since a moment."""

    name: str
    title: str
    order: int

    def gather(self, viewer: Viewer, since: datetime, *, told: frozenset[str], limit: int) -> list[LetterPiece]:
        """At most `limit` pieces that this viewer may see; `told` is what earlier letters were about."""
        ...

    def gist(self, pieces: list[LetterPiece]) -> str:
        """What the pieces are, for the subject: "three replies"."""
        ...

    def readable(self, viewer: Viewer, keys: set[str]) -> set[str]:
        """Which of its pieces the viewer may see now: asked again when the letter goes out."""
        ...


class Reindexing(NamedTuple):
    """Writes a search index anew from what is there, some rows at a time: `after` the last id, to the next last, 0 at the end."""

    what: str
    some: Callable[[int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature, as `parts.py` declares it."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    nav: tuple[NavItem, ...] = ()
    settings: tuple[Setting, ...] = ()
    commands: tuple[click.Command, ...] = ()
    person_data: tuple[PersonData, ...] = ()
    reportables: tuple[Reportable, ...] = ()
    search_sources: tuple[SearchSource, ...] = ()
    reindexing: tuple[Reindexing, ...] = ()  # what `portal reindex` writes anew
    tasks: tuple[Callable[[Viewer], list[TaskCard]], ...] = ()  # what is asked of the viewer, for home
    first_steps: tuple[Callable[[Viewer], list[TaskCard]], ...] = ()  # what would be good for a newcomer to do
    clocks: tuple[Clocks, ...] = ()  # what runs out in the programme, for the cockpit
    letter_parts: tuple[LetterPart, ...] = ()  # what the weekly letter tells a member
    init: Callable[[Flask], None] | None = None


_features: list[Feature] = []


def wire(features: list[Feature]) -> None:
    """Make the features known to the lower layers; called by the app alone."""
    _features[:] = features


def every(attribute: str) -> list[Any]:
    """All parts of one sort, in the features' order."""
    return [part for feature in _features for part in getattr(feature, attribute)]


def reportable(kind: str) -> Reportable | None:
    """How to handle reports on this kind of thing."""
    return next((part for part in every("reportables") if part.kind == kind), None)
