"""Boards and who reads them: counted before, in force at once after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given
from hypothesis import settings as calmly
from hypothesis import strategies as some

from portal.boards.grants import readable_boards
from portal.boards.models import Board, BoardSection
from portal.careers.audiences import Ticked, audience_of, lines_of, segments, ticked
from portal.core.access import ROLES, viewer_of
from portal.core.db import db
from tests.browse import H

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from tests.browse import Browser, Page
    from tests.factories import Make

boxes = some.builds(
    Ticked, some.frozensets(some.sampled_from(sorted(segments()))), some.frozensets(some.integers(1, 5)),
    some.frozensets(some.sampled_from(sorted(ROLES))),
)  # fmt: skip


@given(boxes)
@calmly(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
def test_boxes_and_lines_say_the_same(chosen: Ticked) -> None:
    """M1: what an admin ticked is what the rules hold."""
    assert ticked(audience_of(line) for line in lines_of(chosen)) == chosen


def test_all_boxes_are_one_line() -> None:
    assert lines_of(Ticked(frozenset(segments()))) == ({"relation_kind": "any", "phase": "any"},)


def tick(page: Page, *segments: str, act: str, **fields: object) -> Page:
    """Tick exactly these boxes and press a button."""
    return page.submit("", segments=list(segments), act=act, **fields)


def test_how_many_would_read_it_is_shown_before_it_is_saved(office: Browser, make: Make) -> None:
    board = make.board("Open board")
    for _ in range(3):
        make.member(relation="customer:former")
    make.member("Loser Lou", relation="partner:former")
    page = office.open("admin.readers.index", public_id=board.public_id)
    assert "5 members can read it" in page.words
    page = tick(page, "customer:former", act="count")
    assert "3 members will read it" in page.words
    assert "2 members lose it: Ada Okafor, Loser Lou." in page.words
    assert "Nothing is saved yet." in page.words
    assert board.id in readable_boards(viewer_of(make.member(relation="partner:former").id))


def test_what_was_not_counted_is_not_saved(office: Browser, make: Make) -> None:
    board = make.board()
    page = tick(office.open("admin.readers.index", public_id=board.public_id), "customer:former", act="count")
    page = tick(page, "partner:former", act="save")
    assert "Nothing is saved yet." in page.words
    assert board.id in readable_boards(viewer_of(make.member(relation="employee:former").id))


def test_a_change_closes_the_board_at_once(
    office: Browser, browse: Browser, make: Make, deeds: Callable[[], list[str]]
) -> None:
    """M1, H5: for somebody who has it open, on the very next request."""
    board = make.board("Open board")
    topic = make.topic(board)
    reader = browse.as_(make.member(relation="partner:former"))
    assert reader.open("boards.topic", public_id=topic.public_id).status == 200
    page = tick(office.open("admin.readers.index", public_id=board.public_id), "customer:former", act="count")
    page = page.submit("", act="save")
    assert "Saved." in page.words
    assert reader.open("boards.topic", public_id=topic.public_id).status == 404
    assert "Open board" not in reader.open("boards.index").words
    assert deeds()[-1] == "set audience"
    assert "customer" in office.open("admin.audit.index", verb="set audience").follow("Set audience").words


def test_being_an_admin_opens_no_board(office: Browser, ada: Person, make: Make) -> None:
    """Domain §1: staff and admin read no board by role alone."""
    board = make.board("Customers only", audiences=({"relation_kind": "customer"},))
    topic = make.topic(board, author=make.member(relation="customer:former"))
    assert office.open("admin.readers.index", public_id=board.public_id).status == 200
    assert office.open("boards.topic", public_id=topic.public_id).status == 404
    assert board.id not in readable_boards(viewer_of(ada.id))


def test_a_group_opens_a_board(office: Browser, make: Make) -> None:
    group = make.group("Halifax")
    board = make.board(audiences=())
    insider = make.member(relation="employee:former", groups=(group,))
    page = office.open("admin.readers.index", public_id=board.public_id)
    page = page.submit("", segments=[], groups=[str(group.id)], act="count")
    assert "1 member gains it" in page.words
    page.submit("", act="save")
    assert board.id in readable_boards(viewer_of(insider.id))


def test_a_board_is_made_with_its_audience(office: Browser, make: Make, deeds: Callable[[], list[str]]) -> None:
    page = office.open("admin.boards.index").submit("Add the section", name="Everyone", position="1")
    section = db.session.query(BoardSection).one()
    page = office.open("admin.boards.new")
    page = page.submit(
        "",
        name="The craft",
        purpose="Yards and docks.",
        section=str(section.id),
        segments=["employee:former"],
        act="preview",
    )
    assert "can read it" in page.words
    assert page.status == 200
    page = page.submit("", act="save")
    assert page.heading == "The craft"
    assert "create board" in deeds()
    assert "Former employees" in office.open("admin.boards.index").words


def test_a_board_for_nobody_is_not_made(office: Browser, make: Make) -> None:
    make.board()
    section = db.session.query(BoardSection).one()
    page = office.open("admin.boards.new").submit("", name="The craft", section=str(section.id), act="save")
    assert page.status == 422
    assert "Say who reads it" in page.words


def test_a_board_is_described_anew_and_archived(office: Browser, browse: Browser, make: Make) -> None:
    board = make.board("The craft")
    topic = make.topic(board)
    page = office.open("admin.boards.board", public_id=board.public_id).submit(
        name="The trade", purpose="Tools.", archived="y"
    )
    assert page.heading == "The trade"
    reader = browse.as_(make.member())
    assert "The trade" in reader.open("boards.index").words
    assert "reply" not in [
        form.get("action", "") for form in reader.open("boards.topic", public_id=topic.public_id).tree.iter("form")
    ]  # type: ignore[union-attr]


def test_two_boards_of_one_name_are_refused_beside_the_field(office: Browser, make: Make) -> None:
    make.board("The craft")
    other = make.board("The canteen")
    page = office.open("admin.boards.board", public_id=other.public_id).submit(name="The craft")
    assert page.status == 422
    assert "There is a board with this name already." in page.words
    assert db.session.query(Board).filter_by(name="The canteen").count() == 1


def test_moderators_of_a_board(office: Browser, make: Make) -> None:
    board, ben = make.board(), make.member("Ben Okafor")
    page = office.open("admin.boards.moderators", public_id=board.public_id).submit(
        person=f"Ben Okafor ({ben.public_id})"
    )
    assert "Ben Okafor keeps" in page.words
    assert board.id in viewer_of(ben.id).moderates
    page = page.submit("End it")
    assert board.id not in viewer_of(ben.id).moderates


def test_an_unclear_name_is_asked_back(office: Browser, make: Make) -> None:
    """R17."""
    board = make.board()
    one, two = make.member("Li Wei"), make.member("Li Wei")
    page = office.open("admin.boards.moderators", public_id=board.public_id).submit(person="Li Wei")
    assert page.status == 422
    assert one.public_id in page.words
    assert two.public_id in page.words


def test_the_matrix_says_who_reads_what(office: Browser, make: Make) -> None:
    make.board("For customers", audiences=({"relation_kind": "customer"},))
    make.board("For Halifax", audiences=({"group_id": make.group("Halifax").id}, {"role": "staff"}))
    page = office.open("admin.boards.matrix")
    rows = {
        row.find(f"{H}th").find(f"{H}a").text: row for row in page.tree.iter(f"{H}tr") if row.find(f"{H}td") is not None
    }  # type: ignore[union-attr]
    said = ["".join(cell.itertext()).strip().lstrip("–") for cell in rows["For customers"].iter(f"{H}td")]
    assert [words.startswith("no") for words in said] == [True, True, False, False, True, True, False]
    assert "people of Halifax, staff posters" in page.words


def test_an_empty_section_can_go_and_a_full_one_not(office: Browser, make: Make) -> None:
    make.board()
    office.open("admin.boards.index").submit("Add the section", name="Rooms", position="2")
    page = office.open("admin.boards.index").submit("Take the section away")
    assert "The section is gone." in page.words
    full = db.session.query(BoardSection).one()
    answer = office.post(f"/admin/boards/sections/{full.id}/remove", {})
    assert answer.status in (400, 422)
