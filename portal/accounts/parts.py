"""What accounts give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.accounts import (
    checks,
    cli,
    gate,
    jobs,
    listeners,
    login,
    mailing,
    models,
    passwords,
    policies,
    providers,
    queries,
)
from portal.accounts.person_data import AccountData
from portal.accounts.views import bp, claim
from portal.accounts.views.waves import bp as waves_bp
from portal.core import access, limits
from portal.core.jinja import url_if
from portal.core.limits import DAY, HOUR, MINUTE, Rate
from portal.core.parts import Feature, NavItem, TaskCard
from portal.core.settings import Setting

if TYPE_CHECKING:
    from flask import Flask

    from portal.core.access import Viewer

access.contribute(queries.facts)
access.contribute(queries.calm_until)
SLOWER = (0, 0, 5, 15, 60)  # seconds after the first, second … wrong try
limits.register(
    Rate("link_address", 5, 15 * MINUTE, "Links mailed to one address", strict=True),
    Rate("second_step", 5, 15 * MINUTE, "Codes tried for one account", strict=True, waits=SLOWER),
    Rate("join", 10, HOUR, "Requests to join from one place", strict=True),
    Rate("verify_mail", 10, DAY, "Addresses a member may add", strict=True),
)


def _init(app: Flask) -> None:
    login.init(app)
    gate.init(app)
    providers.init(app)
    passwords.prepare()
    app.extensions["csrf"].exempt(claim.refuse_letters)  # mail programs unsubscribe without our form's token


def own_address(viewer: Viewer) -> list[TaskCard]:
    """Whoever has no address of their own is asked for one (I4)."""
    if viewer.person_id is None or queries.keys_at_a_glance(viewer.person_id).live_personal:
        return []
    return [TaskCard("Add an address of your own, so that you keep this account", url_for("accounts.addresses"),
                     icon="envelope-at")]  # fmt: skip


def being_recovered(viewer: Viewer) -> list[TaskCard]:
    """Whoever is signed in hears at once that somebody says they lost this account (I9)."""
    if viewer.person_id is None or not queries.keys_at_a_glance(viewer.person_id).case:
        return []
    words = "Somebody says that they lost every way into your account. Was it you?"
    return [TaskCard(words, url_for("accounts.stop_recovery"), icon="exclamation-triangle")]


def in_question(viewer: Viewer) -> list[TaskCard]:
    """Whoever holds an address that somebody else reads now is asked whether it still is theirs (I7)."""
    if viewer.person_id is None or not queries.keys_at_a_glance(viewer.person_id).question:
        return []
    return [TaskCard("Is this address still yours? Somebody else reads one of yours", url_for("accounts.addresses"),
                     icon="envelope-exclamation")]  # fmt: skip


def in_need(viewer: Viewer) -> list[TaskCard]:
    """Admins see who waits to get back in."""
    url = url_if("admin.recovery.index") if viewer.has_role("admin") else ""
    waiting = queries.count_cases() if url else 0
    words = "Somebody can’t get in any more" if waiting == 1 else f"{waiting} people can’t get in any more"
    return [TaskCard(words, url, waiting, icon="life-preserver")] if waiting else []


def disputes(viewer: Viewer) -> list[TaskCard]:
    """Admins see which addresses two accounts say are theirs (I7)."""
    url = url_if("admin.disputes.index") if viewer.has_role("admin") else ""
    waiting = queries.count_disputes() if url else 0
    words = "Two accounts say that an address is theirs" if waiting == 1 else f"{waiting} addresses are in question"
    return [TaskCard(words, url, waiting, icon="envelope-exclamation")] if waiting else []


def applicants(viewer: Viewer) -> list[TaskCard]:
    """Admins see who waits to be let in."""
    url = url_if("admin.applicants.index") if viewer.has_role("admin") else ""
    waiting = queries.count_waiting() if url else 0
    words = "Somebody asks to join" if waiting == 1 else f"{waiting} people ask to join"
    return [TaskCard(words, url, waiting, icon="person-plus")] if waiting else []


def _tab(label: str, endpoint: str, icon: str, order: int, *also: str) -> NavItem:
    return NavItem(
        label, f"accounts.{endpoint}", icon, order, section="settings", prefix=(f"accounts.{endpoint}", *also)
    )


FEATURE = Feature(
    name="accounts",
    blueprints=(bp, waves_bp),
    commands=(cli.create_admin, cli.break_glass),
    settings=(
        Setting("session_days", 30, "Days a sign-in lasts after it was last used", "Sign-in", low=1, high=365),
        Setting("session_devices", 10, "Devices that may be signed in at once", "Sign-in", low=1, high=100),
        Setting("invitation_days", 14, "Days an invitation can be claimed", "Sign-in", low=1, high=60),
        Setting("invitations_per_hour", 200, "Letters of invitation an hour", "Invitations",
                "Waves go out little by little, so that mail servers trust them.", low=1, high=20_000),
        Setting("invitation_reminder_days", 5, "Days until the first reminder", "Invitations", low=1, high=60),
        Setting("invitation_second_reminder_days", 10, "Days until the second reminder", "Invitations",
                "Counted from the invitation, like the first.", low=2, high=90),
        Setting("reset_wait_hours", 24, "Hours a password waits that came through a work address", "Sign-in",
                low=1, high=144),
        Setting("recovery_wait_days", 7, "Days an account waits that two admins give back", "Sign-in",
                "Every own address of the person can stop it meanwhile.", low=3, high=14),
    ),
    nav=(
        _tab("Addresses", "addresses", "envelope-at", 25),
        _tab("How you can get in", "keys", "key", 30, "accounts.passkey_", "accounts.connect"),
        _tab("Devices", "sessions", "laptop", 35),
        _tab("Preferences", "preferences", "sliders", 40),
        _tab("Your data", "your_data", "file-earmark-lock", 90, "rights."),
        _tab("Step back", "stepping_back", "door-open", 95),
        NavItem("Invitations", "waves.index", "envelope-paper", 2, section="admin", group="Community",
                shown=policies.can_invite, prefix="waves."),
        NavItem("Invitations", "waves.index", "envelope-paper", 80, section="own", prefix="waves.",
                shown=lambda viewer: policies.can_invite(viewer) and not viewer.has_role("admin")),
        NavItem("Settings", "accounts.addresses", "sliders", 90, section="own", prefix="accounts."),
    ),
    tasks=(being_recovered, in_question, own_address, applicants, in_need, disputes),
    person_data=(AccountData(),),
    init=_init,
)  # fmt: skip

__all__ = ["FEATURE", "checks", "jobs", "listeners", "mailing", "models"]
