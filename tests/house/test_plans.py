"""How statements are planned: what PostgreSQL keeps of them, and that clauses for several values are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, select, text

from portal.boards.models import Board
from portal.core.compiled import MOST, Compiled
from portal.core.db import db, is_sqlite, rows
from portal.core.housekeeping import count_rows
from portal.core.sets import is_one_of, several
from portal.core.tokens import ALPHABET, new_public_id

if TYPE_CHECKING:
    from portal.core.application import Portal
    from tests.browse import Browser
    from tests.factories import Make


def test_one_of_finds_what_is_given_and_nothing_for_nothing(make: Make) -> None:
    """The clause means the same on both databases, also turned round."""
    boards = [make.board().id for _ in range(4)]
    wanted = is_one_of(Board.id, several("wanted", Integer))
    for given in ([], boards[:1], boards[1:], [*boards, 999_999]):
        found = {row.id for row in rows(select(Board.id).where(wanted), wanted=given)}
        left = {row.id for row in rows(select(Board.id).where(~wanted), wanted=given)}
        assert found == set(given) & set(boards)
        assert left == set(boards) - set(given)
    assert {row.id for row in rows(select(Board.id).where(is_one_of(Board.id, boards[:2])))} == set(boards[:2])


def test_one_of_is_looked_up_by_an_index(app: Portal) -> None:
    """Alone and beside other clauses; compared with a truth value, as SQLite would, it was looked for row by row."""
    wanted = is_one_of(Board.id, several("wanted", Integer))
    for found in (select(Board.name).where(wanted), select(Board.name).where(wanted, Board.position >= 0)):
        assert "= 1" not in str(found.compile(db.engine))
        if is_sqlite():
            written = found.params(wanted=[1, 2]).compile(db.engine, compile_kwargs={"literal_binds": True})
            with db.engine.connect() as connection:
                (step,) = connection.execute(text(f"EXPLAIN QUERY PLAN {written}")).all()
            assert step.detail.startswith("SEARCH board")


def test_sqlite_gets_to_know_how_much_there_is(make: Make) -> None:
    """Without that it reads whole tables where an index would do; PostgreSQL counts by itself."""
    for _ in range(3):
        make.board()
    count_rows()
    if is_sqlite():
        said = db.session.scalars(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'board'"))
        assert {each.split()[0] for each in said} == {"3"}


def test_what_was_compiled_is_found_again_and_never_taken_for_another(make: Make) -> None:
    """A statement that is built once is known by its key itself, one that is built anew by what the key says."""
    board, kept = make.board(name="The craft"), Compiled()
    by_id = select(Board.name).where(Board.id == bindparam("board"))
    with db.engine.connect().execution_options(compiled_cache=kept) as connection:
        for _ in range(3):
            assert connection.execute(by_id, {"board": board.id}).scalar() == "The craft"
            assert connection.execute(select(Board.name).where(Board.id == board.id)).scalar() == "The craft"
            assert connection.execute(select(Board.id).where(Board.id == board.id)).scalar() == board.id
            assert connection.execute(select(Board.name).where(Board.id == board.id + 1)).scalar() is None
        assert len(kept) == 3
        for number in range(MOST + 2):
            connection.execute(select(Board.id.label(f"n{number}")).where(Board.id == 0))
            assert len(kept) <= MOST
        assert connection.execute(by_id, {"board": board.id}).scalar() == "The craft"
        kept.clear()
        assert connection.execute(by_id, {"board": board.id}).scalar() == "The craft"
        assert len(kept) == 1


def test_pages_keep_the_plans_of_their_statements(make: Make, browse: Browser) -> None:
    """Members who read different boards ask by the same statements, whose plans PostgreSQL keeps; SQLite plans at once."""
    group, few = make.group(), make.member()
    many = make.member(groups=(group,))
    make.topic(make.board(), author=few)
    for _ in range(3):
        make.topic(make.board(audiences=({"group_id": group.id},)), author=many)
    db.session.remove()
    db.engine.dispose()  # what asked before us had its plans made its own way
    asked = {}
    for who in (few, many):
        browser = browse.as_(who)
        for path in ("/boards", "/", "/people"):
            for _ in range(4):
                page = browser.get(path)
                assert (page.status, page.response.request.path) == (200, path)
            asked[who.id, path] = page.statements
    if is_sqlite():
        assert all(asked.values())
        return
    for path in ("/boards", "/", "/people"):
        assert asked[few.id, path] == asked[many.id, path]
    planned = _planned()
    assert len(planned) >= len(asked[few.id, "/"])
    assert all(custom == 0 for custom, _generic in planned)
    assert sum(generic for _custom, generic in planned) > 10


def _planned() -> list[Any]:
    """How often each prepared statement of the readers' connection was planned for its values, and how often not."""
    with db.reading_engine.connect() as connection:
        found = text("SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT %'")
        return [tuple(row) for row in connection.execute(found)]


def test_public_ids_are_ten_letters_that_cannot_be_taken_for_others() -> None:
    """Every letter comes, none that looks like another."""
    made = [new_public_id() for _ in range(2000)]
    assert {len(each) for each in made} == {10}
    assert set("".join(made)) == set(ALPHABET)
    assert len(set(made)) == len(made)
