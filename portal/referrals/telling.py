"""Who hears what of a referral: its referrer each stage, those who work with it what waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.access import system_viewer, viewer_of
from portal.core.jobs import enqueue, job
from portal.notifications.actions import notify
from portal.people.queries import holders
from portal.referrals import policies, queries
from portal.referrals.stages import KIND_WORDS, stage_of

if TYPE_CHECKING:
    from portal.core.access import Viewer
    from portal.referrals.models import InfluenceStory, Referral

PIPELINE = "/programme/referrals"


def url_of(referral: Referral) -> str:
    """The referrer's own page."""
    return f"/referrals/{referral.public_id}"


def name_of(referral: Referral) -> str:
    """How the referrer knows it."""
    return referral.contact_name or referral.company or referral.job


def tell_stage(referral: Referral, *, by: Viewer) -> None:
    """One line for each stage, never gathered into a number: each is news."""
    stage = stage_of(referral.kind, referral.stage)
    _tell_referrer(referral, f"{stage.label}: your referral of {name_of(referral)}", by)


def tell_consent(referral: Referral, *, by: Viewer) -> None:
    """The referred person answered."""
    answer = "would like to talk" if referral.consent == "yes" else "would rather not talk now"
    _tell_referrer(referral, f"{name_of(referral)} {answer}", by)
    tell_owner_of_answer(referral, by=by)


def tell_owner_of_answer(referral: Referral, *, by: Viewer) -> None:
    """Who looks after it may write now, or learns that nobody may; after a no without the name."""
    if referral.owner_id is not None:
        said = (
            f"{name_of(referral)} has said yes" if referral.consent == "yes" else "A referred person would rather not"
        )
        url = f"{PIPELINE}/{referral.public_id}"
        notify(referral.owner_id, "referral_work", title=said, url=url, group_key=f"work:{referral.public_id}", by=by)


def tell_credit(referral: Referral, *, by: Viewer) -> None:
    """The credit came to a later referral."""
    _tell_referrer(referral, f"You have the credit now for {name_of(referral)}", by)


def tell_owner(referral: Referral, *, by: Viewer) -> None:
    """It is somebody's to look after now."""
    if referral.owner_id is not None:
        title, url = f"{by.name} gave you a referral", f"{PIPELINE}/{referral.public_id}"
        notify(referral.owner_id, "referral_work", title=title, url=url, group_key=f"work:{referral.public_id}", by=by)


def tell_story(story: InfluenceStory, *, by: Viewer) -> None:
    """What staff say to a told influence."""
    said = "is confirmed" if story.state == "confirmed" else "was looked at"
    title = f"Your story about {story.company} {said}"
    notify(story.person_id, "referral_story", title=title, url="/referrals/influence", by=by)


def tell_of_new(referral: Referral) -> None:
    """Managers hear that something new has come."""
    enqueue(tell_managers, referral.id)


@job("referrals.tell_managers")
def tell_managers(referral_id: int) -> None:
    """One line for each manager who may see it, however much comes."""
    referral, system = queries.by_id(referral_id), system_viewer()
    kind = KIND_WORDS[referral.kind].lower()
    for person in holders("manager"):
        if policies.can_work(viewer_of(person.id), referral):
            notify(
                person.id, "referral_work", title=f"A new {kind} was referred", url=PIPELINE, group_key="referrals",
                many="{n} new referrals wait", by=system,
            )  # fmt: skip


def _tell_referrer(referral: Referral, title: str, by: Viewer) -> None:
    key = f"referral:{referral.public_id}"
    notify(referral.referrer_id, "referral", title=title, url=url_of(referral), group_key=key, by=by)
