"""A profile in the words of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from portal.careers.models import Assignment, Relation
    from portal.profiles.queries import Profile

KINDS = {"employee": "colleague", "customer": "customer", "partner": "partner"}
WHO_IS_WHO = (
    ("Everyone", "Anybody on the web, with your name, whether signed in or not."),
    ("All members", "Whoever is in, and nobody else."),
    ("Same kind of relation", "If you worked here, all who do or did; if you were a customer or partner, the like."),
    ("My connections", "Members with whom you agreed to share how to reach each other."),
    ("Staff", "Those who work for the company in a role here."),
    ("Only me", "Nobody else, admins neither."),
)
VIEW_AS = {
    "visitor": "Somebody not signed in",
    "member": "Any member",
    "same-kind": "Same kind of relation",
    "connection": "A connection",
    "staff": "Staff",
}


def badge(relation: Relation) -> str:
    """ "Former colleague", "Customer": what somebody is or was to the host."""
    kind = KINDS[relation.kind]
    return f"Former {kind}" if relation.is_over else kind.capitalize()


def times(profile: Profile, host: str) -> list[dict[str, str]]:
    """Each bond with the host: the badge, and "Kestrel & Lowe 2009–2018, Firmware, Bristol"."""
    return [{"badge": badge(each), "line": _line(each, host)} for each in profile.relations]


def stays(profile: Profile) -> list[dict[str, Any]]:
    """A career for the timeline, each entry with the firms worked with from there."""
    return [
        {
            "title": each.title,
            "firm": each.organisation.name,
            "firm_id": each.organisation.public_id,
            "department": each.department,
            "place": each.site,
            "when": each.when,
            "current": not each.is_over,
            "host": each.organisation.is_host,
            "audience": each.audience,
            "text": "; ".join(_with(one) for one in profile.worked_with if one.position_id == each.id),
        }
        for each in profile.positions
    ]


def _with(assignment: Assignment) -> str:
    """ "With Acme 2014 – 2015: ran the billing rollout"."""
    when = f", {assignment.when}" if assignment.when else ""
    return f"With {assignment.organisation.name}{when}" + (f": {assignment.what}" if assignment.what else "")


def link_words(address: str) -> str:
    """An address as people read it: "example.org/work"."""
    parts = urlsplit(address)
    return (parts.netloc.removeprefix("www.") + parts.path.rstrip("/"))[:60]


def invitations(profile: Profile) -> list[dict[str, str]]:
    """What one's own profile could still say, each with why."""
    wanted = {
        "photo": ("Add a photo", "People remember faces before names."),
        "headline": ("Add a headline", "One line that says what you do."),
        "about": ("Say something about you", "What you did, what you do, what you would like to hear of."),
        "place": ("Say where you live", "So that people nearby can find you."),
        "skill": ("Add skills", "People look for what somebody knows."),
    }
    if all(each.is_over for each in profile.positions):
        wanted["career"] = ("Say where you are now", "Firm, team, since when.")
    open_ones = [field for field in wanted if not profile.all(field)]
    return [dict(zip(("field", "label", "why"), (field, *wanted[field]), strict=True)) for field in open_ones]


def _line(relation: Relation, host: str) -> str:
    firm = host if relation.kind == "employee" else relation.organisation.name
    return ", ".join(word for word in (f"{firm} {relation.years}".strip(), relation.department, relation.site) if word)
