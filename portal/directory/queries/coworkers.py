"""Who worked with me: people who were at the same organisation at the same time, as far as I may see."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from portal.core import clock
from portal.core.memory import Memory
from portal.core.pages import Page
from portal.directory import overlaps
from portal.directory.overlaps import same_words
from portal.directory.queries import cards
from portal.directory.queries.ranking import ranked
from portal.organisations.queries import hierarchy
from portal.people.queries import connected_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.core.access import Viewer
    from portal.directory.overlaps import Stay
    from portal.directory.queries.cards import Card

PAGE_SIZE = 24
_said: Memory[tuple[Any, ...], list[str]] = Memory(500)
_last: Memory[int | None, tuple[int, ...]] = Memory(2000)  # the ranking that a member saw last: most often this one too


def coworkers(viewer: Viewer, limit: int) -> list[Card]:
    """The people who worked with the viewer most, each with the reason; one statement, at first three more."""
    return coworkers_page(viewer, size=limit).items


def coworkers_page(viewer: Viewer, *, size: int = PAGE_SIZE, after: str | None = None) -> Page[Card]:
    """People who worked with the viewer, ranked, each with the reason."""
    likely = _page(_last.get(viewer.person_id, tuple), size, after)
    mine, shown = cards.with_stays(viewer, likely)
    found = _last.keep(viewer.person_id, ranked(viewer, mine))
    wanted = _page(found, size, after)
    if wanted != likely:
        shown = cards.with_stays(viewer, wanted)[1]
    for card, reason in zip(shown, _reasons(mine.stays, shown), strict=True):
        card.reason = reason
    more = bool(wanted) and wanted[-1] != found[-1]
    return Page([card for card in shown if card.reason], str(wanted[-1]) if more else None)


def shared_with(viewer: Viewer, person_id: int) -> str:
    """What the viewer and one person have in common at work, in words; nothing when they never met there."""
    mine, found = cards.with_stays(viewer, [person_id])
    return _reason(_by_family(mine.stays), found[0]) if found and mine.stays else ""


def unmet_coworkers(viewer: Viewer, *, told: frozenset[int], limit: int) -> list[tuple[Card, str]]:
    """The first of the ranking who are not connected to the viewer and were not told before: each with reason and firm."""
    mine = cards.with_stays(viewer, [])[0]
    found = [each for each in ranked(viewer, mine) if each not in told]
    known = connected_ids(viewer.person_id or 0) if found else set()
    shown, own = [], _by_family(mine.stays)
    for card in cards.with_stays(viewer, [each for each in found if each not in known][: 2 * limit])[1]:
        if pairs := _closest_firm(own, card):
            card.reason = _sentence(pairs)
            shown.append((card, _firm(pairs)))
    return shown[:limit]


def _page(found: tuple[int, ...], size: int, after: str | None) -> tuple[int, ...]:
    start = _place_after(found, after)
    return found[start : start + size]


def _reasons(mine: tuple[Stay, ...], shown: list[Card]) -> list[str]:
    """The reasons of a page; made once of the same stays."""
    key = (mine, tuple(tuple(card.stays) for card in shown), hierarchy(), clock.today())
    return _said.get(key, lambda: _make_reasons(mine, shown))


def _make_reasons(mine: tuple[Stay, ...], shown: list[Card]) -> list[str]:
    own = _by_family(mine)
    return [_reason(own, card) for card in shown]


def _reason(own: Mapping[int, list[Stay]], card: Card) -> str:
    """ "14 months together at Acme, Billing": the firm where two people shared the most, told by its parent."""
    pairs = _closest_firm(own, card)
    return _sentence(pairs) if pairs else ""


def _by_family(stays: tuple[Stay, ...]) -> Mapping[int, list[Stay]]:
    """Own stays by the firm at the top: looked up once for a page."""
    tree, found = hierarchy(), defaultdict(list)
    for stay in stays:
        found[tree.root(stay.organisation_id)].append(stay)
    return found


def _closest_firm(own: Mapping[int, list[Stay]], card: Card) -> list[Any]:
    tree, firms = hierarchy(), defaultdict(list)
    for shown in card.stays:
        root = tree.root(shown.stay.organisation_id)
        for stay in own.get(root, ()):
            if shared := overlaps.overlap(stay, shown.stay):
                firms[root].append((shared.likely * overlaps.closeness(stay, shown.stay), shared, stay, shown))
    return max(firms.values(), key=_weight, default=[])


def _weight(pairs: list[Any]) -> tuple[float, int, int]:
    """The same from both sides: of two firms that weigh the same, the later one."""
    latest = max(pair[1].ends.toordinal() for pair in pairs)
    return sum(pair[0] for pair in pairs), latest, hierarchy().root(pairs[0][2].organisation_id)


def _firm(pairs: list[Any]) -> str:
    """The firm's name; its parent's when the two were at different parts of it."""
    _, _, own, shown = max(pairs, key=lambda pair: pair[0])
    same = all(pair[2].organisation_id == pair[3].stay.organisation_id for pair in pairs)
    return str(shown.firm if same else hierarchy().name(own.organisation_id, shown.firm))


def _sentence(pairs: list[Any]) -> str:
    _, _, own, shown = max(pairs, key=lambda pair: pair[0])
    words = overlaps.in_words(overlaps.together(pair[1] for pair in pairs))
    return f"{words} at {_firm(pairs)}{_how(own, shown.stay)}"


def _how(own: Stay, other: Stay) -> str:
    """What brought them together there: a firm that one of them worked with, a department, a site."""
    if own.home and other.home:
        homes = f"both from {own.home}" if own.home == other.home else f"you from {own.home}, they from {other.home}"
        return f", {homes}"
    if other.home:
        return f", there from {other.home}" + (f": {other.what}" if other.what else "")
    if own.home:
        return f", where you were from {own.home}" + (f": {own.what}" if own.what else "")
    if same_words(own.department, other.department):
        return f", {own.department}"
    return f" in {own.site}" if same_words(own.site, other.site) else ""


def _place_after(found: tuple[int, ...], after: str | None) -> int:
    """Where the next page begins; a person who is not in the ranking any more begins it anew."""
    return found.index(int(after)) + 1 if after and after.isdecimal() and int(after) in found else 0
