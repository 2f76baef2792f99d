"""The loaded community, once for the module: loading takes some seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from portal.core import memory
from portal.core.db import db
from portal.demo import load
from tests.conftest import _empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.core.application import Portal
    from portal.demo.stage import Stage


@dataclass(frozen=True)
class Community:
    """What was loaded, where, and how much work it was."""

    app: Portal
    stage: Stage
    seconds: float


@pytest.fixture(scope="module")
def community(house: Portal) -> Iterator[Community]:
    """The demo community in an otherwise empty house."""
    with house.app_context():
        memory.forget()
        began = time.process_time()
        stage = load.load()
        db.session.commit()
        yield Community(house, stage, time.process_time() - began)
        db.session.remove()
        _empty()
        memory.forget()
