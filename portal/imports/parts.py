"""What imports give to the house."""

from __future__ import annotations

from portal.core.parts import Feature
from portal.imports import cli, jobs
from portal.imports.person_data import ImportsData
from portal.notifications import kinds

kinds.register(
    kinds.NotificationType("host_record", "The host changes its record of my employment", icon="building"),
    kinds.NotificationType("proposal", "Entries are suggested for my career", by_mail=False, icon="briefcase"),
)

FEATURE = Feature(name="imports", commands=(cli.import_group,), person_data=(ImportsData(),))

__all__ = ["FEATURE", "jobs"]
