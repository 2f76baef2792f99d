"""The filters of the people page as its form shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

if TYPE_CHECKING:
    from portal.directory.queries import Filters

RELATIONS = {
    "employee": "Worked or works here",
    "employee:former": "Once worked here",
    "employee:current": "Works here now",
    "customer:former": "Once a customer",
    "customer:current": "A customer now",
    "partner:former": "Once a partner",
    "partner:current": "A partner now",
}
LABELS = {
    "q": "“{}”", "relation": "{}", "organisation": "At {}", "department": "In {}", "place": "Lives in {}",
    "skills": "Can {}", "year_from": "There in {} or later", "year_to": "There in {} or before",
}  # fmt: skip


def groups(wanted: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The form's fields; an option tells how many it would find where few enough were counted."""
    options = [{"value": "", "label": "Any", "checked": not wanted.relation}]
    options += [
        {
            "value": key,
            "label": words,
            "checked": key == wanted.relation,
            "count": counts.get(key, 0) if counts else None,
        }
        for key, words in RELATIONS.items()
    ]
    return [
        {"name": "relation", "label": "Relation to us", "kind": "select", "options": options},
        {"name": "organisation", "label": "Organisation", "kind": "text", "value": wanted.organisation,
         "suggest_url": url_for("careers.suggest_organisation")},
        {"name": "department", "label": "Department", "kind": "text", "value": wanted.department},
        {"name": "year", "label": "There in the years", "kind": "years", "value": (wanted.year_from, wanted.year_to)},
        {"name": "place", "label": "Place", "kind": "text", "value": wanted.place},
        {"name": "skills", "label": "Skills", "kind": "text", "value": wanted.skills},
    ]  # fmt: skip


def chips(wanted: Filters) -> list[dict[str, str]]:
    """What the list is filtered by, each with a way off."""
    given = wanted.given
    return [
        {"label": LABELS[name].format(RELATIONS.get(value, value)), "url": _without(given, name)}
        for name, value in given.items()
    ]


def in_words(wanted: Filters) -> str:
    """What is looked for, as a name for it: "“welder”, In Billing"."""
    return ", ".join(chip["label"] for chip in chips(wanted))[:80]


def _without(given: dict[str, str], name: str) -> str:
    rest: dict[str, Any] = {key: value for key, value in given.items() if key != name}
    return url_for(".people", show="everybody", **rest)
