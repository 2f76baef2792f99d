"""The shape of what people write into their careers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.careers.audiences import ROLES, Ticked, segments
from portal.careers.models import AUDIENCE_WORDS, WISHES
from portal.core import clock
from portal.core.forms import PartialDateField, PortalForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.careers.models import Position
    from portal.people.models import Group

DATE_HINT = "A year, a month or a day: 2014, 2014-06 or 2014-06-30."
NOTHING = "none"


def _words(label: str, most: int, hint: str = "") -> StringField:
    return StringField(label, [Length(max=most, message=f"Keep it under {most} characters.")], description=hint)


def _organisation(label: str, *, required: bool, hint: str = "") -> StringField:
    checks = [Length(max=160, message="Keep the name under 160 characters.")]
    first = [DataRequired("Say which firm or organisation it is.")] if required else []
    return StringField(label, first + checks, description=hint)


class EntryForm(PortalForm):
    """What a person may say of any entry, the one at the host too."""

    title = _words("What you do there", 120, "Your title, as you would say it.")
    department = _words("Department or team", 80)
    site = _words("Place or site", 80)
    audience = SelectField("Who sees this entry", choices=AUDIENCE_WORDS, default="members")


class PositionForm(EntryForm):
    """An entry of one's own career."""

    organisation = _organisation("Firm or organisation", required=True)
    start = PartialDateField("From", description=DATE_HINT)
    end = PartialDateField("Until", description="Leave it empty while you are there.")


class BoxesField(SelectMultipleField):
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AssignmentForm(PortalForm):
    """A firm that one worked with from a position."""

    organisation = _organisation("Firm you worked with", required=True, hint="A customer, a partner, a supplier.")
    what = _words("What it was about", 120, "“Ran the billing rollout”. Those who see the entry see this too.")
    start = PartialDateField("From", description=DATE_HINT)
    end = PartialDateField("Until", description="Leave both empty if it was all the time.")


class MoveForm(EntryForm):
    """I have moved: which position ends, when, and what comes next."""

    left = RadioField("Which position ends?", validators=[InputRequired("Say which position ends.")])
    moved_on = DateField("From which day?", [DataRequired("Give the day as year-month-day.")], default=clock.today)
    organisation = _organisation(
        "Where are you now?", required=False, hint="Leave it empty while nothing new has begun."
    )

    wishes = BoxesField(
        "What may happen next?", choices=WISHES,
        description="Nothing of it happens unless you tick it, and not before tomorrow, so that you can think again.",
    )  # fmt: skip

    def offer(self, positions: list[Position]) -> None:
        """Let the person choose among the positions that are open."""
        named = {position.public_id: position.organisation.name for position in positions}
        self.left.choices = {**named, NOTHING: "None of these: the new one comes on top"}
        if self.left.data is None and len(positions) < 2:
            self.left.data = next(iter(self.left.choices))

    def leaves(self, positions: list[Position]) -> Position | None:
        """The position that was chosen."""
        return next((position for position in positions if position.public_id == self.left.data), None)

    @property
    def place(self) -> dict[str, str]:
        """The new position in words."""
        return {name: self[name].data or "" for name in ("organisation", "title", "department", "site", "audience")}


class AudienceForm(PortalForm):
    """Who something is for, as boxes to tick."""

    segments = BoxesField("By relation", choices=segments())
    groups = BoxesField("Groups", coerce=int)
    roles = BoxesField("Roles", choices=ROLES)

    def offer(self, groups: Iterable[Group]) -> None:
        """Let the writer choose among the groups there are."""
        self.groups.choices = [(group.id, group.name) for group in groups]

    def tick(self, boxes: Ticked) -> None:
        """Show these boxes ticked."""
        self.segments.data, self.groups.data, self.roles.data = (
            list(boxes.segments), list(boxes.groups), list(boxes.roles),
        )  # fmt: skip

    @property
    def boxes(self) -> Ticked:
        """What is ticked."""
        return Ticked(
            frozenset(self.segments.data or ()), frozenset(self.groups.data or ()), frozenset(self.roles.data or ())
        )
