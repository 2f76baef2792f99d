"""The shape of what people say about their own data."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from portal.accounts import mailboxes
from portal.accounts.forms.fields import AddressField
from portal.core.forms import PortalForm


class EraseForm(PortalForm):
    """What becomes of one's words, and that one means it."""

    posts = RadioField(
        "What you wrote in conversations", default="keep",
        choices={
            "keep": "Leave it, without my name: it reads “Former member”",
            "take": "Take my words away too: empty places stay, so that the numbers of other posts hold",
        },
    )  # fmt: skip
    sure = BooleanField("Yes, erase my account", [DataRequired("Tick this if you want your account to be erased.")])


class OtherAccountForm(PortalForm):
    """An address of one's other account."""

    address = AddressField(
        "An email address of your other account", [DataRequired(mailboxes.WRONG)],
        description="Any address that is confirmed there. We mail a link to it.",
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email", "spellcheck": "false", "maxlength": 254},
    )  # fmt: skip


class ProofForm(PortalForm):
    """A code of the other account's second step, where it has one."""

    code = StringField("Code of your other account", [Length(max=40)], render_kw={"autocomplete": "one-time-code"})


class JoinForm(PortalForm):
    """That one means it."""

    sure = BooleanField(
        "Yes, both accounts are mine; make them one", [DataRequired("Tick this if both accounts are yours.")]
    )
