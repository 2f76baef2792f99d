"""The shape of what people say about their own data."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

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
