"""Forms about boards: what they are, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.admin.audiences import Ticked
from portal.admin.words import ROLES, segments
from portal.core.forms import MarkdownField, PortalForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.boards.models import BoardSection
    from portal.people.models import Group

STARTERS = {"readers": "Everybody who reads it", "staff": "Staff and moderators", "moderators": "Moderators only"}
SEGMENTS = {f"{kind}:{phase}": words for kind, phase, words in segments()}


class BoxesField(SelectMultipleField):
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AudienceForm(PortalForm):
    """Who reads a board, as boxes to tick."""

    segments = BoxesField("By relation", choices=SEGMENTS)
    groups = BoxesField("Groups", coerce=int)
    roles = BoxesField("Roles", choices=ROLES)

    def offer(self, groups: Iterable[Group]) -> None:
        """Let the admin choose among the groups there are."""
        self.groups.choices = [(group.id, group.name) for group in groups]

    def tick(self, boxes: Ticked) -> None:
        """Show these boxes ticked."""
        self.segments.data, self.groups.data, self.roles.data = (
            list(boxes.segments),
            list(boxes.groups),
            list(boxes.roles),
        )

    @property
    def boxes(self) -> Ticked:
        """What is ticked."""
        return Ticked(
            frozenset(self.segments.data or ()), frozenset(self.groups.data or ()), frozenset(self.roles.data or ())
        )


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
