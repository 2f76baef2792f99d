"""Forms about boards: what they are, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.careers.forms import AudienceForm
from portal.core.forms import MarkdownField, PortalForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.boards.models import BoardSection

STARTERS = {"readers": "Everybody who reads it", "staff": "Staff and moderators", "moderators": "Moderators only"}


class BoardForm(PortalForm):
    """What a board is."""

    name = StringField("Name", [DataRequired("Name the board."), Length(max=80)])
    purpose = TextAreaField(
        "Purpose", [Length(max=300, message="Keep it under 300 characters.")],
        description="One sentence, shown under the name wherever the board is listed.",
    )  # fmt: skip
    section = SelectField("Section", coerce=int)
    position = IntegerField("Order", [InputRequired("Write a number.")], default=0)
    starters = RadioField("Who begins topics", choices=STARTERS, default="readers")
    rules = MarkdownField("Rules", high=8000, description="Shown beside the composer. Empty when the house rules do.")

    def offer_sections(self, found: Iterable[BoardSection]) -> None:
        """Let the admin choose among the sections there are."""
        self.section.choices = [(section.id, section.name) for section in found]


class EditBoardForm(BoardForm):
    """The same of a board that is there."""

    archived = BooleanField("Archived", description="It can be read, and nobody writes on it any more.")


class NewBoardForm(BoardForm, AudienceForm):
    """A board and who reads it."""
