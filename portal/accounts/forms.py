"""The shapes of what people send about their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from portal.accounts import mailboxes
from portal.core.forms import PortalForm

if TYPE_CHECKING:
    from portal.accounts.mailboxes import Mailbox


class AddressField(StringField):
    """Exactly one email address; `box` is what it means."""

    box: Mailbox | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the one address; several are none (R9)."""
        super().process_formdata(valuelist)
        if len(valuelist) > 1:
            raise ValueError(mailboxes.WRONG)
        if self.data:
            self.box = mailboxes.parse(self.data)


def _address(label: str = "Your email address", **attributes: Any) -> AddressField:
    described = {
        "type": "email",
        "autocomplete": "email",
        "inputmode": "email",
        "spellcheck": "false",
        "maxlength": 254,
    }
    return AddressField(label, [DataRequired(mailboxes.WRONG)], render_kw=described | attributes)


class SignInForm(PortalForm):
    """An address, and a password for those who have set one."""

    address = _address(autocomplete="username")
    password = PasswordField("Your password", [Length(max=1000)], render_kw={"autocomplete": "current-password"})


class PasswordForm(PortalForm):
    """The password, once more."""

    password = PasswordField(
        "Your password",
        [DataRequired("Type your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(PortalForm):
    """A code of the authenticator, or one on paper."""

    code = StringField(
        "The code", [DataRequired("Type the code."), Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"},
    )  # fmt: skip


class AddressForm(PortalForm):
    """One address."""

    address = _address()
