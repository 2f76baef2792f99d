"""The field for one email address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import StringField
from wtforms.validators import DataRequired

from portal.accounts import mailboxes

if TYPE_CHECKING:
    from portal.accounts.mailboxes import Mailbox

NAME_LENGTH = "A name has between 2 and 120 characters."


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


def address_field(label: str = "Your email address", **attributes: Any) -> AddressField:
    """The field, as browsers know it."""
    described = {
        "type": "email",
        "autocomplete": "email",
        "inputmode": "email",
        "spellcheck": "false",
        "maxlength": 254,
    }
    return AddressField(label, [DataRequired(mailboxes.WRONG)], render_kw=described | attributes)
