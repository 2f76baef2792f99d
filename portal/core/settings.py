"""What the community may tune without code: a typed registry, an audited table, effective at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock, stamps
from portal.core.access import Viewer
from portal.core.db import Model, db, upsert
from portal.core.errors import Invalid, Missing
from portal.core.memory import Memory
from portal.core.policy import require


@dataclass(frozen=True, slots=True)
class Setting:
    """One limit, cap, clock or wording, with its default; `low` and `high` of a wording count its characters."""

    key: str
    default: Any
    label: str
    group: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    multiline: bool = False
    accepts: Callable[[Any], bool] = lambda value: True
    otherwise: str = ""  # the sentence when it is not accepted

    def parse(self, text: str) -> Any:
        """The value that a form's text means, or `Invalid`."""
        if isinstance(self.default, bool):
            return text in ("1", "true", "on", "yes", "y")
        if isinstance(self.default, str):
            return text
        try:
            return type(self.default)(text)
        except ValueError:
            raise Invalid(f"“{self.label}” must be a number.", self.key) from None

    def check(self, value: Any) -> None:
        """Refuse a value that this setting can't have."""
        if type(value) is not type(self.default) and not (isinstance(self.default, float) and isinstance(value, int)):
            raise Invalid(f"“{self.label}” can't have this value.", self.key)
        if isinstance(value, str):
            self._within(len(value), self.low or 0, LONGEST if self.high is None else self.high, "characters long")
        elif not isinstance(value, bool):
            self._within(value, self.low, self.high, "")
        if not self.accepts(value):
            raise Invalid(self.otherwise or f"“{self.label}” can't have this value.", self.key)

    def _within(self, number: float, low: float | None, high: float | None, unit: str) -> None:
        if (low is None or number >= low) and (high is None or number <= high):
            return
        bounds = (
            f"between {low:g} and {high:g}"
            if low is not None and high is not None
            else (f"at least {low:g}" if low is not None else f"at most {high:g}")
        )
        raise Invalid(f"“{self.label}” must be {bounds} {unit}".strip() + ".", self.key)


class SettingRow(Model):
    """A setting that differs from its default."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


LONGEST = 50_000
_registry: dict[str, Setting] = {}
_values: Memory[int, dict[str, Any]] = Memory(2)


def register(*items: Setting) -> None:
    """Add settings to the registry."""
    _registry.update({item.key: item for item in items})


def registry() -> list[Setting]:
    """All settings, by group."""
    return sorted(_registry.values(), key=lambda item: (item.group, item.label))


def get(key: str) -> Any:
    """The value in force."""
    return changed().get(key, _registry[key].default)


def lately(key: str) -> Any:
    """The value as this process last knew it: for what is asked before a request reads anything, such as limits."""
    known = next(reversed(_values.values.values()), None)
    return get(key) if known is None else known.get(key, _registry[key].default)


def changed() -> dict[str, Any]:
    """The values that differ from their defaults."""
    return _values.get(stamps.current("settings"), _load)


def _load() -> dict[str, Any]:
    return {row.key: json.loads(row.value) for row in db.session.execute(select(SettingRow.key, SettingRow.value))}


def can_change_settings(by: Viewer) -> bool:
    """Admins tune the community."""
    return by.system or by.has_role("admin")


def set_value(key: str, value: Any, *, by: Viewer) -> None:
    """Change a setting for everybody, at once, on record."""
    require(can_change_settings(by), "Only an admin can change settings.")
    if key not in _registry:
        raise Missing("There is no such setting.")
    _registry[key].check(value)
    before = get(key)
    if before == value:
        return
    text, now = json.dumps(value), clock.now()
    db.session.execute(
        upsert(
            SettingRow.__table__,
            {"key": key, "value": text, "changed_at": now},
            keys=["key"],
            update={"value": text, "changed_at": now},
        )
    )
    stamps.bump("settings")
    audit.record("change setting", ("setting", key), by=by, before={key: before}, after={key: value})
