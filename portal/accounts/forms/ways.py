"""The shapes of passkeys, codes on paper, and of asking for help when no way in is left."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.accounts.forms.fields import NAME_LENGTH, address_field
from portal.core.forms import PortalForm


class MaybeCodeForm(PortalForm):
    """A code, where one is asked."""

    code = StringField(
        "A code of your authenticator", [Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )  # fmt: skip


class PaperForm(PortalForm):
    """An address that the account has or had, and a code on paper."""

    address = address_field("An email address of your account", autocomplete="username")
    code = StringField(
        "A code on paper", [DataRequired("Type one of your codes."), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )  # fmt: skip


class ShowPasskeyForm(PortalForm):
    """What a browser says for a passkey."""

    answer = HiddenField()


class PasskeyNameForm(PortalForm):
    """What to call a passkey."""

    name = StringField(
        "What to call it",
        [DataRequired("Give it a name, like “My phone”."), Length(max=60, message="Keep it under 60 characters.")],
    )


class PasskeyForm(PasskeyNameForm):
    """A new passkey, and what to call it."""

    answer = HiddenField()

    def validate_answer(self, answer: HiddenField) -> None:
        """Without a name the browser has not been asked yet."""
        if not answer.data and not self.name.errors:
            raise ValidationError("Your browser made no passkey. Try again.")

    def called(self) -> str:
        """Its name."""
        return str(self.name.data)


class HelpForm(PortalForm):
    """Who can't get in any more, where they are reached now, and what helps to know them."""

    full_name = StringField(
        "Your full name", [DataRequired("Type your name."), Length(2, 120, NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )  # fmt: skip
    address = address_field("An address where we reach you now")
    told = TextAreaField(
        "What happened, and how can we know you?", [DataRequired("A line or two is enough."), Length(max=2000)],
        render_kw={"rows": 4},
    )  # fmt: skip
