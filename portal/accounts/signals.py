"""What accounts announce upwards, and whom they let others hand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from blinker import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Select

# Sent with person_id and by when a person took the account.
claimed = Signal()


@dataclass(frozen=True, slots=True)
class InviteeSource:
    """Sets of people that another feature knows and a wave of invitations may go to, such as those of one import.

    `choices` are (key, words) for the form, the newest first; `people` gives the ids of one set as a select, and nothing
    for a key that it does not know; `shown` names the set on a wave's page. Who is claimed, unsubscribed or out of reach is sorted out here.
    """

    name: str
    choices: Callable[[], list[tuple[str, str]]]
    people: Callable[[str], Select[tuple[int]]]
    shown: Callable[[str], tuple[str, str] | None]  # its name, and the address of its page


invitee_sources: list[InviteeSource] = []
