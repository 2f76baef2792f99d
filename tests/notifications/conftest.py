"""Kinds of notifications that only tests know, and a way to cause them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.core.access import system_viewer
from portal.core.db import db
from portal.notifications import kinds
from portal.notifications.actions import notify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from portal.people.models import Person


@pytest.fixture
def closed() -> set[str]:
    """Things (by group key) that members may not see any more."""
    return set()


@pytest.fixture(autouse=True)
def kinds_for_tests(closed: set[str]) -> Iterator[None]:
    """A kind that is mailed, one that is not, and one about things that can be closed."""
    before = dict(kinds._types)
    kinds.register(
        kinds.NotificationType("test.loud", "Loud things"),
        kinds.NotificationType("test.quiet", "Quiet things", mail="off"),
        kinds.NotificationType(
            "test.secret",
            "Secret things",
            still_readable=lambda _viewer, rows: {row.id for row in rows if row.group_key not in closed},
        ),
    )
    yield
    kinds._types.clear()
    kinds._types.update(before)


@pytest.fixture
def tell(app: Portal) -> Callable[..., Any]:
    """Tell a person something, and commit it."""

    def told(person: Person, title: str = "Something happened", kind: str = "test.loud", **extra: Any) -> Any:
        made = notify(person.id, kind, title=title, by=system_viewer(), **{"url": "/notifications", **extra})
        db.session.commit()
        return made

    return told
