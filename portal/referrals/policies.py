"""Who may refer, who may work with referrals, and what of a referred person is shown before their yes (A8, P4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, false, or_, true

from portal.referrals.models import InfluenceStory, Referral

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from portal.core.access import Viewer

WORKERS = ("staff", "seller", "manager")
READERS = (*WORKERS, "admin")
_ME: Any = bindparam("me", type_=Integer)


def can_refer(by: Viewer) -> bool:
    """Every member, unless suspended."""
    return by.is_member and not by.is_suspended


def can_follow_own(by: Viewer, referral: Referral) -> bool:
    """The referrer sees each stage to the end."""
    return by.is_person(referral.referrer_id)


def can_take_back(by: Viewer, referral: Referral) -> bool:
    """One's own, while it is under way."""
    return can_follow_own(by, referral) and not referral.ending


def reads_pipeline(by: Viewer) -> bool:
    """For everybody else there is no pipeline."""
    return by.has_role(*READERS)


def reach(viewer: Viewer) -> str:
    """How far a viewer sees: managers, staff and admins all, sellers some, others nothing."""
    return "all" if viewer.has_role("manager", "staff", "admin") else "some" if viewer.has_role("seller") else ""


def readable(within: str, me: Any = _ME) -> ColumnElement[bool]:
    """What is seen that far; sellers see the leads and partners that consented, and what they own."""
    consented = and_(Referral.consent == "yes", Referral.kind.in_(("lead", "partner")))
    return {"all": true(), "some": or_(consented, Referral.owner_id == me), "": false()}[within]


def readable_by(viewer: Viewer) -> ColumnElement[bool]:
    """What this viewer sees."""
    return readable(reach(viewer), viewer.person_id)


def can_work(by: Viewer, referral: Referral) -> bool:
    """Move, plan and note; nobody works on what they referred themselves."""
    return by.has_role(*WORKERS) and not by.is_person(referral.referrer_id)


def can_assign(by: Viewer, referral: Referral, owner_id: int | None) -> bool:
    """Managers and admins give it to anybody; others take what nobody has, and pass on what is theirs."""
    if by.has_role("manager", "admin"):
        return True
    free = referral.owner_id is None and by.is_person(owner_id)
    return can_work(by, referral) and (free or by.is_person(referral.owner_id))


def can_own(person: Viewer) -> bool:
    """Whose a referral can be: somebody whose role works with them."""
    return person.has_role(*WORKERS)


def sees_contact(by: Viewer, referral: Referral | Row[Any]) -> bool:
    """Name, address and the words about the referred person: only those who work with it, and only after the yes."""
    return by.has_role(*WORKERS) and referral.consent == "yes"


def can_export(by: Viewer) -> bool:
    """Who works with referrals takes out what they see; it is on record."""
    return by.has_role(*WORKERS)


def can_tell_influence(by: Viewer) -> bool:
    """Every member, unless suspended."""
    return by.is_member and not by.is_suspended


def reads_stories(by: Viewer) -> bool:
    """Staff and managers."""
    return by.has_role("staff", "manager")


def can_decide_story(by: Viewer, story: InfluenceStory) -> bool:
    """Staff and managers; nobody about their own."""
    return reads_stories(by) and not by.is_person(story.person_id)


def can_name_deputy(by: Viewer) -> bool:
    """Who can own referrals says to whom they go."""
    return can_own(by)
