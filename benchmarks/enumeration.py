"""Whether the time of an answer tells who is a member (I12, R22): `python -m benchmarks.enumeration [--samples 200]`.

Each door is asked in turns for an address that a member has and one that nobody has, in random order. The figure is the AUC:
0.5 says nothing, 1 says all. Beside the time on the wall stands the CPU time, which a busy machine does not blur.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.door import Door
from benchmarks.prove import ground
from portal.accounts.actions.invitations import new_invitation
from portal.accounts.models import Credential, EmailAddress
from portal.accounts.passwords import make_hash
from portal.core import clock, tokens
from portal.core.access import system_viewer
from portal.core.db import add, unit_of_work
from portal.people.actions import claim_person, create_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.core.application import Portal

    Ask = Callable[[Door, str, str], tuple[int, float, float]]

BAR = 0.6
WORDS = {"full_name": "Robin Marsh", "told": "Both phones are lost, and the mailbox ended."}


def _post(path: str, *, at: str = "", **fields: str) -> Ask:
    def ask(door: Door, address: str, _secret: str) -> tuple[int, float, float]:
        return _timed(door, at or path, path, {"address": address} | fields)

    return ask


def _claim(door: Door, _address: str, secret: str) -> tuple[int, float, float]:
    return _timed(door, "/sign-in", f"/claim/{secret}", {})


def _timed(door: Door, at: str, path: str, fields: dict[str, str]) -> tuple[int, float, float]:
    """The status, and the milliseconds of the answer alone, by the clock and of CPU; the form was opened before."""
    filled = door.fill(at, **fields)
    wall, cpu = time.perf_counter(), time.thread_time()
    status = door.answer(path, filled)
    return status, (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


DOORS: dict[str, Ask] = {
    "password": _post("/sign-in", password="a wrong one, at any rate 7"),  # noqa: S106
    "mailed link": _post("/sign-in"),
    "reset": _post("/forgot"),
    "join": _post("/join"),
    "recovery": _post("/no-way-in", **WORDS),
    "invitation that was used": _claim,
    "code on paper": _post("/sign-in/code-on-paper", code="wrong wrong wrong wrong"),
}


def fill(number: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Members with a password and an invitation they have used; and as many addresses and secrets that nobody knows."""
    by, stored, known = system_viewer(), make_hash("a pond of brass and gravel 7"), []
    with unit_of_work():
        for n in range(number):
            person, address = create_person(f"Robin Marsh {n}", by=by), f"robin.{n:05}@gmail.com"
            invitation, secret = new_invitation(person, address, by=by)
            invitation.claimed_at = clock.now()
            claim_person(person, by=by)
            add(EmailAddress(person_id=person.id, address=address, norm=address, live_norm=address, domain="gmail.com", kind="personal",
                             state="live", is_primary=True, verified_at=clock.now(), proved_at=clock.now()))  # fmt: skip
            add(Credential(person_id=person.id, kind="password", secret=stored))
            known.append((address, secret))
    return known, [(f"nobod.{n:05}@gmail.com", tokens.new_secret()) for n in range(number)]


def measure(app: Portal, samples: int, seed: int = 7) -> dict[str, tuple[float, float, list[float], set[int]]]:
    """For each door: AUC by the clock and of CPU, the medians of both sides, and the statuses seen (one, or it tells)."""
    chance, found = random.Random(seed), {}  # noqa: S311 - the order of asking
    known, unknown = fill(samples)
    for name, ask in DOORS.items():
        door, times = Door(app), {True: [], False: []}  # type: ignore[var-annotated]
        statuses = set()
        for n in range(-5, samples):  # the first five warm up
            for member in chance.sample((True, False), 2):
                status, wall, cpu = ask(door, *(known if member else unknown)[n])
                statuses.add(status)
                if n >= 0:
                    times[member].append((wall, cpu))
        sides = [[[each[i] for each in times[member]] for member in (True, False)] for i in (0, 1)]
        medians = [sorted(side)[len(side) // 2] for side in sides[1]]
        found[name] = (auc(*sides[0]), auc(*sides[1]), medians, statuses)
    return found


def auc(one: list[float], other: list[float]) -> float:
    """How often a time of the one is longer than one of the other; ties count half. Below a half is as telling as above."""
    wins = sum((a > b) + (a == b) / 2 for a in one for b in other)
    share = wins / (len(one) * len(other))
    return max(share, 1 - share)


def main() -> None:
    """Print a line a door; the exit code tells whether one of them tells."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--samples", type=int, default=200)
    samples = options.parse_args().samples
    with ground.house(os.environ.get("PORTAL_PROVE_DATABASE", ""), "Kestrel & Lowe") as app:
        found = measure(app, samples)
    print(f"{samples} of each, interleaved; AUC 0.5 says nothing, over {BAR} tells")
    for name, (wall, cpu, (member, nobody), statuses) in found.items():
        told = "" if cpu <= BAR and len(statuses) == 1 else "  TELLS"
        print(
            f"{name:<26} AUC {wall:.2f} (CPU {cpu:.2f})  {member:.2f} and {nobody:.2f} ms of CPU  {sorted(statuses)}{told}"
        )
    sys.exit(any(each[1] > BAR or len(each[3]) > 1 for each in found.values()))


if __name__ == "__main__":
    main()
