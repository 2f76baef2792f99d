"""A programme with its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.asks.story import Programme

if TYPE_CHECKING:
    from tests.factories import Make


@pytest.fixture
def programme(make: Make) -> Programme:
    """The host's acts, a manager, a seller and staff."""
    return Programme(make)
