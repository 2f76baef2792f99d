"""How safe an account is from being lost: how many ways in it has, and whose they are (R3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
ENOUGH = 2


class Way(NamedTuple):
    """One way in; `own` stays with the person whoever employs them."""

    kind: str  # mail | password | passkey | provider | paper
    own: bool = True


@dataclass(frozen=True, slots=True)
class Strength:
    """In one line how safe the account is, and the one next step if it is not."""

    sentence: str
    step: str = ""  # address | passkey | second
    safe: bool = False


def strength(ways: Sequence[Way], *, holds_role: bool, two_factors: bool) -> Strength:
    """Two ways in, one of them not the employer's; whoever holds a role has two factors too."""
    count, own = len(ways), sum(way.own for way in ways)
    said = f"{_number(count)} {'way' if count == 1 else 'ways'} in"
    if not own:
        whose = "and it is your employer’s" if count == 1 else "and all of them are your employer’s"
        return Strength(f"{said}, {whose}: when you leave, you could lose this account.", "address")
    if count < ENOUGH:
        return Strength(f"{said}. If you lose it, getting back takes a week and two people here.", _second_way(ways))
    whose = "all of them yours" if own == count else f"{_number(own).lower()} of them not your employer’s"
    if holds_role and not two_factors:
        return Strength(f"{said}, {whose}. But your role asks for a passkey or an authenticator.", "second")
    return Strength(f"{said}, {whose}: safe.", safe=True)


def _second_way(ways: Sequence[Way]) -> str:
    """A mailbox is the easiest second way; who has one is better off with a passkey."""
    return "passkey" if any(way.kind == "mail" for way in ways) else "address"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)
