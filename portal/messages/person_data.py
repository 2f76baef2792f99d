"""What hellos keep about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, or_, select

from portal.core.db import db, rows, scalars
from portal.messages.models import Hello


class HelloData:
    """What the person said to others, and what others said to them."""

    tables: tuple[str, ...] = ("hello",)

    def count(self, person_id: int) -> int:
        """How many there are."""
        return db.session.execute(select(func.count()).select_from(Hello).where(_of(person_id))).scalar_one()

    def export(self, person_id: int) -> dict[str, Any]:
        """Both directions, with the words."""
        columns = (Hello.sender_id, Hello.body, Hello.state, Hello.created_at, Hello.answered_at)
        found = rows(select(*columns).where(_of(person_id)).order_by(Hello.id))
        return {
            "hellos": [
                {"direction": "sent" if row.sender_id == person_id else "received", "words": row.body, "state": row.state,
                 "at": row.created_at, "answered_at": row.answered_at}
                for row in found
            ]
        }  # fmt: skip

    def move(self, old_id: int, new_id: int) -> None:
        """They follow the person; of two that wait between the same people the older goes, and so does one to oneself."""
        for hello in scalars(select(Hello).where(_of(old_id)).order_by(Hello.id)):
            other = hello.recipient_id if hello.sender_id == old_id else hello.sender_id
            low, high = sorted((other, new_id))
            twin = _has_twin(low, high, hello)
            if other == new_id or twin:
                db.session.delete(hello)
            else:
                hello.sender_id = new_id if hello.sender_id == old_id else hello.sender_id
                hello.recipient_id = new_id if hello.recipient_id == old_id else hello.recipient_id
                hello.low_id, hello.high_id = low, high
            db.session.flush()

    def erase(self, person_id: int) -> None:
        """All of them go."""
        db.session.execute(delete(Hello).where(_of(person_id)))


def _has_twin(low: int, high: int, hello: Hello) -> bool:
    """Whether another hello waits between the two already."""
    waiting = select(Hello.id).where(
        Hello.low_id == low, Hello.high_id == high, Hello.state == "open", Hello.id != hello.id
    )
    return hello.state == "open" and db.session.execute(waiting).first() is not None


def _of(person_id: int) -> Any:
    return or_(Hello.sender_id == person_id, Hello.recipient_id == person_id)
