"""A hello as a thing that its recipient can report; nobody else's is ever shown to moderation (P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import escape

from portal.core.errors import Missing
from portal.core.parts import ReportedThing
from portal.messages import actions, queries

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.messages.models import Hello


class ReportableHellos:
    """Hellos, for moderation."""

    kind = "hello"

    def find(self, viewer: Viewer, public_id: str) -> ReportedThing:
        """A hello that was said to this member."""
        hello = queries.hello_for(viewer, public_id)
        if not viewer.is_person(hello.recipient_id):
            raise Missing(queries.NONE_SUCH)
        return self._thing(hello)

    def load(self, public_id: str) -> ReportedThing:
        """A hello that was reported."""
        return self._thing(queries.any_hello(public_id))

    def set_hidden(self, public_id: str, hidden: bool, reason: str, *, by: Viewer) -> None:
        """Take its words out, or put them back."""
        actions.set_hidden(queries.any_hello(public_id), hidden, by=by)

    def _thing(self, hello: Hello) -> ReportedThing:
        return ReportedThing(
            kind=self.kind, public_id=hello.public_id, title=f"A hello from {hello.sender.full_name}", url=actions.HELLOS,
            html=f"<p>{escape(hello.body)}</p>", author_id=hello.sender_id, board_id=None, is_hidden=hello.is_hidden,
        )  # fmt: skip
