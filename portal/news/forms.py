"""The shape of what those who write news send, and of what readers answer."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.careers.audiences import audience_of, lines_of, ticked
from portal.careers.forms import AudienceForm
from portal.core.errors import Invalid
from portal.core.forms import MarkdownField, PortalForm
from portal.core.web import is_local
from portal.news.cooking import LONGEST

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.news.models import NewsItem

ASKS = {
    "": "to read it, nothing more",
    "choice": "to choose an answer to a question",
    "words": "to answer a question in their words",
    "link": "to follow a link",
}
LONGEST_CHOICE = 80
HOST = re.compile(r"[^\s/?#@]+")
COPIED = ("title", "lead", "body", "has_comments", "ask", "question", "link_label", "link_url", "version")


def _words(label: str, most: int, hint: str = "") -> StringField:
    return StringField(label, [Length(max=most, message=f"Keep it under {most} characters.")], description=hint)


class WordsForm(PortalForm):
    """What an item says."""

    title = _words("Title", 160, "It is the subject of the mail too.")
    lead = TextAreaField(
        "Lead", [Length(max=400, message="Keep it under 400 characters.")],
        description="One or two sentences that say it all. Lists and the mail show these.",
    )  # fmt: skip
    body = MarkdownField("Text", high=LONGEST)
    version = IntegerField("Version", [NumberRange(min=1)], widget=HiddenInput())


def _is_address(text: str) -> bool:
    """Whether a browser finds a host in it."""
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in ("https", "http") and bool(HOST.fullmatch(found.hostname or ""))


class DraftForm(WordsForm, AudienceForm):
    """A draft: what it says, whom it is for, what it asks."""

    ask = RadioField("What it asks of its readers", choices=ASKS, default="")
    question = _words("The question", 200)
    choices = TextAreaField(
        "The answers",
        [Length(max=700)],
        description="One a line, two to eight; for a question with answers to choose from.",
    )
    link_label = _words("Words of the link", 60, "What one does there: “Book a place”.")
    link_url = _words("Where it leads", 500, "An address that begins with https://, or with / for a page here.")
    has_comments = BooleanField("Let readers comment on it", default=True)

    def validate_link_url(self, field: StringField) -> None:
        """Only addresses that a browser may follow."""
        if field.data and not (is_local(field.data) or _is_address(field.data)):
            raise ValidationError("Write an address that begins with https://, or with / for a page here.")

    def validate_choices(self, field: TextAreaField) -> None:
        """They stand on buttons and in counts."""
        if any(len(line.strip()) > LONGEST_CHOICE for line in (field.data or "").splitlines()):
            raise ValidationError(f"Keep each answer under {LONGEST_CHOICE} characters.")

    @classmethod
    def of(cls, item: NewsItem) -> DraftForm:
        """The form as the draft stands, or as it was sent."""
        form = cls(data={name: getattr(item, name) for name in COPIED} | {"choices": "\n".join(item.choices)})
        if not form.is_submitted():
            form.tick(ticked(audience_of(line) for line in item.audience))
        return form

    @property
    def words(self) -> dict[str, Any]:
        """What was written, as the action takes it."""
        copied = {name: self[name].data or "" for name in COPIED if name not in ("version", "has_comments")}
        choices = [line.strip() for line in (self.choices.data or "").splitlines() if line.strip()]
        return copied | {"has_comments": bool(self.has_comments.data), "choices": choices}

    @property
    def lines(self) -> tuple[dict[str, Any], ...]:
        """The audience that was ticked."""
        return lines_of(self.boxes)


class SendForm(PortalForm):
    """When it is published, and whether mail goes out."""

    when = RadioField("When", choices={"now": "Now", "later": "At a time"}, default="now")
    day = DateField("Day", [Optional()])
    time = TimeField("Time", [Optional()])
    by_mail = BooleanField("Send it by mail too", default=True)
    version = IntegerField("Version", [NumberRange(min=1)], widget=HiddenInput())

    def moment(self, by: Viewer) -> datetime:
        """The day and time, in the writer's zone."""
        if self.day.data is None or self.time.data is None:
            raise Invalid("Write a day and a time.", "day")
        return datetime.combine(self.day.data, self.time.data, ZoneInfo(by.timezone))


class CorrectForm(WordsForm):
    """What an item says from now on, and what was wrong."""

    note = StringField(
        "What you corrected", [DataRequired("Say in a sentence what was wrong."), Length(max=300, message="Keep it under 300 characters.")],
        description="It stands over the text for everybody: “The date of the reunion was wrong.”",
    )  # fmt: skip


class ReaddressForm(AudienceForm):
    """Who a published item is for from now on."""

    version = IntegerField("Version", [NumberRange(min=1)], widget=HiddenInput())
    shown = StringField("What was shown", [Optional()], widget=HiddenInput())

    @property
    def lines(self) -> tuple[dict[str, Any], ...]:
        """The audience that is ticked."""
        return lines_of(self.boxes)


class WithdrawForm(PortalForm):
    """Why an item is taken back."""

    because = StringField(
        "Why", [DataRequired("Say in a sentence why."), Length(max=300, message="Keep it under 300 characters.")],
        description="Whoever opens it reads this instead.",
    )  # fmt: skip


class AnswerForm(PortalForm):
    """A reader's answer: one of the choices, or words."""

    choice = IntegerField("Answer", [Optional()])
    words = TextAreaField("Your answer", [Length(max=1000, message="Keep it under 1,000 characters.")])
