"""Development only: the living page of every component, with made-up words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import Length

from portal.core.forms import PortalForm
from portal.core.web import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("dev", __name__, url_prefix="/dev")
AUDIENCES = {"members": "Members", "me": "Only me"}


class EveryField(PortalForm):
    """One field of each kind."""

    name = StringField("Full name")
    email = StringField("Personal address", widget=widgets.EmailInput())
    audience = SelectField("Who sees it", choices=AUDIENCES, default="me")
    kind = SelectField("Department", choices={"e": "Engineering", "f": "Firmware"})
    born = DateField("First day")
    about = TextAreaField("About you", [Length(max=500)])
    relation = RadioField(
        "Your relation", choices={"e": "I worked here", "c": "I bought from here", "p": "I sold with you"}, default="e"
    )
    skills = SelectMultipleField(
        "What you know", choices={"s": "Sensors", "y": "Yard software", "f": "Field service"},
        widget=widgets.ListWidget(prefix_label=False), option_widget=widgets.CheckboxInput(),
    )  # fmt: skip
    mail_reply = RadioField(
        "Replies in topics I follow",
        choices={"now": "Soon", "weekly": "Weekly letter", "off": "No mail"},
        default="weekly",
    )
    agree = BooleanField("Tell me about events near me")
    switch = BooleanField("Weekly letter")
    photo = FileField("Photo")
    secret = PasswordField("Password")
    consent = BooleanField("I agree that I am mentioned by name as a reference, in calls only.")
    body = TextAreaField("Your reply", [Length(max=32_000)])


@bp.get("/ui")
@public
def ui() -> ResponseReturnValue:
    """Every component in all its states, the first thing to look at after a change of looks."""
    form = EveryField(data={"name": "Ada Okafor", "about": "Firmware, mostly outdoors.", "email": "ada@kestrel"})
    form.email.errors = ["Enter an address like name@example.org."]
    form.relation.errors = ["Choose how you know us."]
    return render_template("dev/ui.html", form=form)
