"""How each kind of notification comes by mail, and pausing it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import DateField, RadioField
from wtforms.validators import InputRequired

from portal.core.forms import PortalForm
from portal.notifications.kinds import NOW, OFF, WEEKLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.notifications.kinds import NotificationType

WORDS = {NOW: "Soon", WEEKLY: "Weekly letter", OFF: "No mail"}


class MailForm(PortalForm):
    """One group of radio buttons for each kind."""

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen, kind by kind."""
        return {field.description: field.data for field in self if isinstance(field, RadioField)}


class PauseForm(PortalForm):
    """Until when no mail comes."""

    until = DateField("No mail before", [InputRequired("Choose the day on which mail may come again.")])


def mail_form(types: Iterable[NotificationType], chosen: dict[str, str]) -> MailForm:
    """The form for these kinds; what a browser does not send stays as it is chosen now."""
    fields: dict[str, Any] = {
        f"mail_{each.kind}": RadioField(
            each.label,
            description=each.kind,
            choices={choice: WORDS[choice] for choice in each.choices},
            default=chosen[each.kind],
        )
        for each in types
    }
    form: MailForm = type("ChosenMailForm", (MailForm,), fields)()
    return form
