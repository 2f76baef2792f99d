"""What stories of referrals begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.core import clock
from portal.core.access import viewer_of
from portal.core.db import db
from portal.referrals import actions
from portal.referrals.actions import Lead

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.people.models import Person
    from portal.referrals.models import Referral
    from tests.factories import Make


@pytest.fixture
def send(make: Make) -> Callable[..., Referral]:
    """Send a referral as a member: a lead whose person agreed, unless said otherwise."""

    def refer(by: Person | None = None, kind: str = "lead", **given: Any) -> Referral:
        values = {"company": "Rook & Sons", "name": "Jo Rook", "agreed_on": clock.today()} | given
        if kind == "candidate":
            values = {"job": "Field service, Halifax"} | values | {"company": ""}
        referral = actions.refer(Lead(kind, **values), by=viewer_of((by or make.member()).id))
        db.session.commit()
        return referral

    return refer
