"""A form for a group of settings, made from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.widgets import ColorInput, TextInput

from portal.core import settings
from portal.core.errors import Invalid
from portal.core.forms import PortalForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms.fields import Field

    from portal.core.settings import Setting


def form_for(items: Iterable[Setting]) -> PortalForm:
    """The form with the values in force."""
    fields = {item.key: _field(item) for item in items}
    made = type("SettingsForm", (PortalForm,), fields)
    form: PortalForm = made(data={key: _text(settings.get(key)) for key in fields})
    return form


def values_of(form: PortalForm, items: Iterable[Setting]) -> dict[str, Any]:
    """What the form says, by key; complaints stand beside their fields and leave the key out."""
    values: dict[str, Any] = {}
    for item in items:
        try:
            value = form[item.key].data if isinstance(item.default, bool) else item.parse(form[item.key].data or "")
            values[item.key] = _kept(item, value)
            item.check(value)
        except Invalid as error:
            form.complain(error.message, item.key)
    return values


def _kept(item: Setting, value: Any) -> Any:
    """The value in force when only white space at the ends differs, which a form takes away."""
    now = settings.get(item.key)
    return now if isinstance(value, str) and value == now.replace("\r\n", "\n").strip() else value


def _field(item: Setting) -> Field:
    if isinstance(item.default, bool):
        return BooleanField(item.label, description=item.help)
    hint = " ".join(part for part in (item.help, f"Default: {item.default}" if item.default != "" else "") if part)
    if item.multiline:
        return TextAreaField(item.label, description=hint)
    return StringField(item.label, description=hint, widget=ColorInput() if item.key == "brand_accent" else TextInput())


def _text(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value)
