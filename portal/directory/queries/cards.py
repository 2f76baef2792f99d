"""What lists show of persons beside their name, in one statement for a whole page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    String,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.careers.models import Assignment, Position
from portal.core import clock
from portal.core.db import rows
from portal.core.memory import Memory
from portal.core.sets import is_one_of, several
from portal.directory.overlaps import Stay
from portal.organisations.models import Organisation
from portal.people import bonds
from portal.people.faces import Face
from portal.people.models import Person
from portal.profiles.models import PersonTerm, ProfileEntry
from portal.profiles.policies import ME, people_for, seeing, sight_of, visible_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import CompoundSelect, Row, Select

    from portal.core.access import Viewer
    from portal.profiles.policies import Sight

FACE, HEADLINE, POSITION, ASSIGNMENT, TERM, BOND = "face", "headline", "position", "assignment", "term", "bond"
NEWEST = "newest"
IDS = several("ids", Integer)
_statements: Memory[Any, Any] = Memory(200)


class Shown(NamedTuple):
    """A stay as the viewer sees it, and the firm's name."""

    stay: Stay
    firm: str


class Mine(NamedTuple):
    """The viewer's own stays by their beginning, and how far everybody's had come when they were read."""

    stays: tuple[Stay, ...] = ()
    newest: tuple[int, int] = (0, 0)


class Term(NamedTuple):
    """Something that a person is found by: how much it says, where it stands, as written and as compared."""

    weight: int
    source: str
    text: str
    folded: str


@dataclass(slots=True)
class Card:
    """A person in a list: face, headline, what they do now, why they are shown."""

    face: Face
    headline: str = ""
    now: str = ""
    reason: str = ""
    bond: str = ""  # with the viewer: connected, or a hello that waits
    stays: list[Shown] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        """What templates ask of a person: name, url, photo_url, public_id, initials, hue."""
        return getattr(self.face, name)


def dress(viewer: Viewer, faces: Iterable[Face], *, begun: Sequence[str] = ()) -> list[Card]:
    """Persons with what the viewer sees of headline and present position, and the terms with a word begun like these."""
    cards = {face.id: Card(face) for face in faces}
    if cards:
        begins = {f"begun{number}": f" {word}" for number, word in enumerate(begun)}
        wanted = (_terms_of, len(begun)) if begun else (_now_of,)
        _fill(cards, _read(viewer, *wanted, ids=list(cards), **begins))
    return list(cards.values())


def with_stays(viewer: Viewer, ids: Sequence[int]) -> tuple[Mine, list[Card]]:
    """The viewer's own stays; and those of the persons whom the viewer may meet, in this order, with all positions
    that the viewer sees. One statement."""
    me = viewer.person_id or 0
    found = _read(viewer, _all_of, ids=list(dict.fromkeys([*ids, me])))
    faces = {row.id: Face(row.id, row.public_id, row.name, row.photo) for row in found if row.what == FACE}
    cards = {each: Card(faces[each]) for each in [*ids, me] if each in faces}
    _fill(cards, found, stays=True)
    stays = (shown.stay for shown in cards[me].stays) if me in cards else ()
    newest = next((row.id, row.firm_id) for row in found if row.what == NEWEST)
    mine = Mine(tuple(sorted(stays, key=_beginning)), newest)
    return mine, [cards[each] for each in ids if each in cards]


def _beginning(stay: Stay) -> tuple[Any, ...]:
    """An order in which stays always stand the same: what is remembered of them is found by it."""
    words = (stay.home, stay.department, stay.site, stay.what)
    return stay.start.first, stay.ends_latest, stay.organisation_id, words


def _read(viewer: Viewer, build: Callable[..., Any], /, *shape: int, **given: Any) -> Sequence[Row[Any]]:
    """What the viewer sees; the statement is built once for all who see as far."""
    sight = sight_of(viewer)
    statement = _statements.get((sight, build, *shape), lambda: build(sight, *shape))
    return rows(statement, **given, **seeing(viewer), today=clock.today())


def _now_of(sight: Sight) -> CompoundSelect[*tuple[Any, ...]]:
    open_ = or_(Position.ends_on.is_(None), Position.ends_on > bindparam("today", type_=Date))
    return union_all(_headlines(sight), _positions(sight).where(open_), *_bonds(sight))


def _terms_of(sight: Sight, words: int) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*_now_of(sight).selects, _terms(sight, words))


def _all_of(sight: Sight) -> CompoundSelect[*tuple[Any, ...]]:
    parts = (_faces(sight), _headlines(sight), _positions(sight), _assignments(sight), *_bonds(sight))
    return union_all(*parts, _newest())


def _faces(sight: Sight) -> Select[*tuple[Any, ...]]:
    columns = _row(FACE, Person.id, name=Person.full_name, public_id=Person.public_id, photo=Person.photo)
    return select(*columns).where(is_one_of(Person.id, IDS), people_for(sight))


def _headlines(sight: Sight) -> Select[*tuple[Any, ...]]:
    shown = visible_to(sight, ProfileEntry.audience, ProfileEntry.person_id)
    columns = _row(HEADLINE, ProfileEntry.person_id, name=ProfileEntry.value)
    return select(*columns).where(is_one_of(ProfileEntry.person_id, IDS), ProfileEntry.field == "headline", shown)


def _positions(sight: Sight) -> Select[*tuple[Any, ...]]:
    columns = _row(
        POSITION, Position.person_id, name=Position.title, firm=Organisation.name, firm_id=Organisation.id,
        start=Position.start, end=Position.end, department=Position.department, site=Position.site,
    )  # fmt: skip
    shown = visible_to(sight, Position.audience, Position.person_id)
    found = select(*columns).join(Organisation, Organisation.id == Position.organisation_id)
    return found.where(is_one_of(Position.person_id, IDS), shown)


def _assignments(sight: Sight) -> Select[*tuple[Any, ...]]:
    """The firms that somebody worked with from a position, for as long as they say or as it lasted."""
    home = aliased(Organisation)
    columns = _row(
        ASSIGNMENT, Assignment.person_id, name=Assignment.what, firm=Organisation.name, firm_id=Organisation.id,
        start=func.coalesce(Assignment.start, Position.start, type_=Position.start.type),
        end=func.coalesce(Assignment.end, Position.end, type_=Position.end.type), home=home.name,
    )  # fmt: skip
    shown = visible_to(sight, Position.audience, Position.person_id)
    found = select(*columns).join(Position, Position.id == Assignment.position_id)
    found = found.join(Organisation, Organisation.id == Assignment.organisation_id)
    found = found.join(home, home.id == Position.organisation_id)
    return found.where(is_one_of(Assignment.person_id, IDS), shown)


def _newest() -> Select[*tuple[Any, ...]]:
    last = (func.coalesce(select(func.max(table.id)).scalar_subquery(), 0) for table in (Position, Assignment))
    return select(*_row(NEWEST, next(last), firm_id=next(last)))


def _bonds(sight: Sight) -> Iterator[Select[*tuple[Any, ...]]]:
    """What there is between the viewer and each already."""
    if sight.member:
        bond = bonds.of(ME)
        yield select(*_row(BOND, bond.other, name=bond.word)).where(is_one_of(bond.other, IDS))


def _terms(sight: Sight, words: int) -> Select[*tuple[Any, ...]]:
    shown = visible_to(sight, PersonTerm.audience, PersonTerm.person_id)
    columns = _row(
        TERM, PersonTerm.person_id, name=PersonTerm.text, firm=PersonTerm.folded, site=PersonTerm.source,
        firm_id=PersonTerm.weight,
    )  # fmt: skip
    spaced = literal(" ").concat(PersonTerm.folded)  # so that a word's beginning can be told from its middle
    begins = [spaced.contains(bindparam(f"begun{number}", type_=String), autoescape=False) for number in range(words)]
    return select(*columns).where(is_one_of(PersonTerm.person_id, IDS), or_(*begins), shown)


EMPTY, NOTHING = literal_column("''", String), literal_column("0", Integer)


def _row(what: str, person_id: Any, **given: Any) -> list[Any]:
    """The columns that all selects share; what one has not is empty.

    Written into the statement, not bound, and named once: psycopg remembers statements under 4,096 characters only.
    """
    empty = {
        "name": EMPTY, "public_id": EMPTY, "photo": literal_column("NULL", Person.photo.type), "firm": EMPTY,
        "firm_id": NOTHING, "start": literal_column("NULL", Position.start.type),
        "end": literal_column("NULL", Position.end.type), "department": EMPTY, "site": EMPTY, "home": EMPTY,
    }  # fmt: skip
    columns = {"what": literal_column(f"'{what}'", String), "id": person_id} | empty | given
    first = what in (FACE, HEADLINE)  # the names of a union are those of its first select
    return [value.label(name) if first else value for name, value in columns.items()]


def _fill(cards: dict[int, Card], found: Iterable[Row[Any]], *, stays: bool = False) -> None:
    """Put what was read on the cards; times at firms are wanted by few lists, and are dear."""
    today = clock.today()
    for row in found:
        card = cards.get(row.id)
        if card is None:
            continue
        if row.what == POSITION:
            _say_now(card, row, today)
        elif row.what == HEADLINE:
            card.headline = row.name
        elif row.what == BOND:
            card.bond = row.name
        elif row.what == TERM:
            card.terms.append(Term(row.firm_id, row.site, row.name, row.firm))
        if stays and row.what in (POSITION, ASSIGNMENT):
            _add_stay(card, row, today, what=row.name if row.what == ASSIGNMENT else "")


def _say_now(card: Card, row: Row[Any], today: date) -> None:
    if not card.now and (row.end is None or row.end.last > today):
        card.now = f"{row.name} at {row.firm}" if row.name else row.firm


def _add_stay(card: Card, row: Row[Any], today: date, what: str) -> None:
    if row.start is not None and row.start.first <= today:
        stay = Stay(row.firm_id, row.start, row.end, row.department, row.site, row.home, what)
        card.stays.append(Shown(stay, row.firm))
