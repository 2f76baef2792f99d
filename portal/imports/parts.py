"""What imports give to the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from portal.accounts.signals import invitee_sources
from portal.core.parts import Feature, NavItem, TaskCard
from portal.core.settings import Setting
from portal.imports import cli, invitees, queries, steps
from portal.imports.person_data import ImportsData
from portal.imports.policies import can_import
from portal.imports.views import bp, suggested_bp
from portal.notifications import kinds

if TYPE_CHECKING:
    from portal.core.access import Viewer

kinds.register(
    kinds.NotificationType("host_record", "The host changes its record of my employment", icon="building"),
    kinds.NotificationType("proposal", "Entries are suggested for my career", mail=kinds.OFF, icon="briefcase"),
)


if invitees.SOURCE not in invitee_sources:
    invitee_sources.append(invitees.SOURCE)


def suggested(viewer: Viewer) -> list[TaskCard]:
    """Members are asked about what files say of their career."""
    waiting = queries.count_own_proposals(viewer.person_id) if viewer.person_id is not None else 0
    words = (
        "An entry is suggested for your career" if waiting == 1 else f"{waiting} entries are suggested for your career"
    )
    return [TaskCard(words, url_for("suggested.index"), waiting, icon="briefcase")] if waiting else []


def questions(viewer: Viewer) -> list[TaskCard]:
    """Admins see that records wait to be told apart."""
    if not viewer.has_role("admin") or not queries.has_questions():
        return []
    return [TaskCard("Records may be the same person", url_for("imports.questions"), icon="people")]


FEATURE = Feature(
    name="imports",
    blueprints=(bp, suggested_bp),
    commands=(cli.import_group,),
    nav=(
        NavItem("Imports", "imports.index", "file-earmark-arrow-up", 3, shown=can_import, section="admin",
                group="Community", prefix="imports."),
    ),
    settings=(
        Setting("import_megabytes", 20, "Largest file to import, in megabytes", "Imports",
                "The web server in front may have a smaller limit of its own.", low=1, high=1000),
    ),
    tasks=(suggested, questions),
    person_data=(ImportsData(),),
)  # fmt: skip

__all__ = ["FEATURE", "steps"]
