"""The pages of asks: the advocate's own, the mailed answer, and the programme's."""

from __future__ import annotations

from portal.asks.views import advocates, mine, programme

__all__ = ["advocates", "mine", "programme"]
