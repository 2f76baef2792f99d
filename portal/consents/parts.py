"""What consents give to the house."""

from __future__ import annotations

from portal.consents import queries
from portal.consents.person_data import ConsentData
from portal.consents.views import bp
from portal.core import access
from portal.core.parts import Feature

access.contribute(queries.facts)

FEATURE = Feature(name="consents", blueprints=(bp,), person_data=(ConsentData(),))
