"""What staff say of somebody who died, and what a family asks."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.accounts import mailboxes
from portal.accounts.forms.fields import AddressField
from portal.core.forms import PortalForm

NAME = [DataRequired("Write the name."), Length(min=2, max=120, message="A name has between 2 and 120 characters.")]
PAGES = {"kept": "Keep it, as it is", "hidden": "Hide it: nobody finds it any more"}


class MemorialForm(PortalForm):
    """How we know, and what becomes of the page."""

    proof = TextAreaField(
        "How do we know?", [DataRequired("Write how you know."), Length(max=2000, message="Keep it under 2,000 characters.")],
        description="Who told you, and what you have seen: a notice, a certificate, a word of the family.",
    )  # fmt: skip
    page = RadioField("What does the family wish for the page?", choices=PAGES, default="kept")


class FamilyForm(PortalForm):
    """A family's wish."""

    about = StringField("Who is it about?", NAME)
    sender = StringField("Your name", NAME)
    address = AddressField(
        "Your email address", [DataRequired(mailboxes.WRONG)], render_kw={"type": "email", "maxlength": 254}
    )
    words = TextAreaField(
        "What would you like?", [DataRequired("Write what you would like."), Length(max=2000, message="Keep it under 2,000 characters.")]
    )  # fmt: skip
