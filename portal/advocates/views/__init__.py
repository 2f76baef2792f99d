"""The pages of the opt-in: one's own, the mailed check-in, nominations, and what the programme keeps."""

from __future__ import annotations

from portal.advocates.views import keeping, mine, nominations

__all__ = ["keeping", "mine", "nominations"]
