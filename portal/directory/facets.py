"""The filters of the people page as its form shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

if TYPE_CHECKING:
    from portal.directory.queries import Counted, Filters
    from portal.directory.queries.counts import Offer
    from portal.directory.queries.organisations import Told

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
YEARS = ("year_from", "year_to")


def groups(wanted: Filters, counted: Counted) -> list[dict[str, Any]]:
    """The form's fields; a choice tells how many it would find where few enough were counted."""
    return [
        {"name": "relation", "label": "Relation to us", "kind": "select", "options": _relations(wanted, counted)},
        {"name": "organisation", "label": "Organisation", "kind": "text", "value": wanted.organisation,
         "suggest_url": url_for("careers.suggest_organisation")},
        {"name": "department", "label": "Department", "kind": "text", "value": wanted.department},
        {"name": "year", "label": "There in the years", "kind": "years", "value": (wanted.year_from, wanted.year_to)},
        {"name": "place", "label": "Place", "kind": "text", "value": wanted.place,
         "offers": [_offer(each, wanted, place=each.value) for each in counted.places]},
        {"name": "skills", "label": "Skills", "kind": "text", "value": wanted.skills,
         "offers": [_offer(each, wanted, skills=_and(wanted.skills, each.value)) for each in counted.skills]},
    ]  # fmt: skip


def _relations(wanted: Filters, counted: Counted) -> list[dict[str, Any]]:
    people = dict(counted.relations)
    options = [{"value": key, "label": words, "checked": key == wanted.relation,
                "count": people.get(key, 0) if people else None} for key, words in RELATIONS.items()]  # fmt: skip
    return [{"value": "", "label": "Any", "checked": not wanted.relation}, *options]


def _offer(each: Offer, wanted: Filters, **more: str) -> dict[str, Any]:
    """A choice that is one step away, in place of what was asked of its field."""
    asked: dict[str, Any] = {"show": "everybody"} | wanted.given | more
    return {"label": each.value, "count": each.people, "url": url_for(".people", **asked)}


def _and(skills: str, skill: str) -> str:
    return f"{skills}, {skill}" if skills else skill


def chips(wanted: Filters) -> list[dict[str, str]]:
    """What the list is filtered by, each with a way off."""
    given = wanted.given
    found = [
        {"label": LABELS[name].format(RELATIONS.get(value, value)), "url": _without(given, name)}
        for name, value in given.items()
        if not (wanted.year_from and wanted.year_to and name in YEARS)
    ]
    if wanted.year_from and wanted.year_to:
        words = f"There between {wanted.year_from} and {wanted.year_to}"
        found.append({"label": words, "url": _without(given, *YEARS)})
    return found


HAPPENED = {
    "renamed": "Called {}", "bought": "Bought by {}", "was_bought": "Bought {}", "merged": "Became one firm with {}",
    "was_merged": "Became one firm with {}", "split": "Came out of {}", "was_split": "{} came out of it",
}  # fmt: skip
UNTIL = {"renamed": " until {}"}  # a day on which it ended; else one on which it happened


def told(found: list[Told]) -> dict[str, Any]:
    """What is known of a firm, as its page shows it: other names, domains, history."""
    history = [
        {"before": HAPPENED[each.what].partition("{}")[0], "name": each.name, "after": HAPPENED[each.what].partition("{}")[2],
         "public_id": each.public_id, "when": UNTIL.get(each.what, ", {}").format(each.happened.label) if each.happened else ""}
        for each in reversed(found)
        if each.what in HAPPENED
    ]  # fmt: skip
    renamed = {each.name for each in found if each.what == "renamed"}
    aliases = [each.name for each in found if each.what == "alias" and each.name not in renamed]
    return {"aliases": aliases, "domains": [each.name for each in found if each.what == "domain"], "history": history}


def in_words(wanted: Filters) -> str:
    """What is looked for, as a name for it: "“welder”, In Billing"."""
    return ", ".join(chip["label"] for chip in chips(wanted))[:80]


def _without(given: dict[str, str], *names: str) -> str:
    rest: dict[str, Any] = {key: value for key, value in given.items() if key not in names}
    return url_for(".people", show="everybody", **rest)
