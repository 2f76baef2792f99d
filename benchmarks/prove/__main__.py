"""`make prove`: the real files, in a fresh temporary database; figures on the terminal, nothing kept, no mail."""

from __future__ import annotations

import csv
import os
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.prove import accounts, ground
from benchmarks.prove.truth import Score, Truth

if TYPE_CHECKING:
    from portal.imports.models import Import

SERVER = os.environ.get("PORTAL_PROVE_DATABASE", "")
DATA = Path(os.environ.get("PORTAL_PROVE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
HOST = "Rackspace"
DIRECTORIES = ("directory-2014-06-25.csv", "directory-2016-07-01.csv", "directory-2019-03-27.csv")
EXPORTS = {
    "hr/bamboohr-employees.csv": "employee", "hr/workday-terminations.xlsx": "employee", "linkedin/Connections.csv": "",
    "salesforce/contacts-accounts-report-2016.csv": "customer", "salesforce/dataloader-contact-2019.csv": "customer",
    "hubspot/all-contacts-2019.csv": "customer", "google/contacts-layout-2024.csv": "",
    "google/google-layout-2016.csv": "", "google/contacts.vcf": "", "outlook/contacts-en.csv": "",
    "mailchimp/subscribed_members_export.csv": "", "mailchimp/unsubscribed_members_export.csv": "",
}  # fmt: skip
AS_OF = date(2019, 3, 27)  # the day of those exports whose rows and names tell none


def main() -> None:
    """Run all proofs, or those that are named."""
    if not DATA.is_dir():
        sys.exit(f"There are no files to prove with at {DATA}. Name their folder in PORTAL_PROVE_DATA.")
    truth, chosen = Truth(DATA), sys.argv[1:]
    for name, prove in (
        ("directory", directories),
        ("accounts", accounts_for_life),
        ("exports", exports),
        ("roster", roster),
    ):
        if not chosen or name in chosen:
            prove(truth)


def say(*lines: str) -> None:
    """Print some lines now."""
    print("\n".join(lines), flush=True)


def directories(truth: Truth) -> None:
    """One directory at three times: everybody stays one person, old employers stay, nobody is deleted."""
    for with_id in (True, False):
        say("", f"## Directory 2014 → 2016 → 2019, {'with' if with_id else 'without'} External ID")
        with ground.house(SERVER, "Prove"), TemporaryDirectory() as folder:
            brought: list[tuple[Import, list[str]]] = []
            for name in DIRECTORIES:
                humans, path = _without_id(DATA / "openstack-affiliations" / name, Path(folder), keep=with_id)
                before = ground.everybody()
                imported = ground.bring(path, name=name, source="Directory")
                brought.append((imported, humans))
                say(f"{name}: {imported.rows} rows: {_counted(imported)}; {ground.people()} people, "
                    f"{len(before - ground.everybody())} records joined to others")  # fmt: skip
            placed = [
                (humans[n - 1], record) for imported, humans in brought for n, record in ground.owners(imported).items()
            ]
            say(*Score([(truth.by_id[human], record) for human, record in placed], truth, ground.questions()).lines())
            _say_careers(placed, truth)


def accounts_for_life(truth: Truth) -> None:
    """The same three, with fifty of the people being members since the first."""
    for with_id in (True, False):
        say("", f"## Fifty accounts over the three directories, {'with' if with_id else 'without'} External ID")
        with ground.house(SERVER, "Prove") as app, TemporaryDirectory() as folder:
            files = []
            for source in (DATA / "openstack-affiliations" / name for name in DIRECTORIES):
                humans, path = _without_id(source, Path(folder), keep=with_id)
                files.append((path, humans, accounts.lines(source)))
            for line in accounts.story(app, files, truth):
                say(line)


def _without_id(source: Path, folder: Path, *, keep: bool) -> tuple[list[str], Path]:
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / source.name
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = [name for name in rows[0] if keep or name != "External ID"]
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return [row["External ID"] for row in rows], path


def _say_careers(placed: list[tuple[str, int]], truth: Truth) -> None:
    """How many former employers of the truth stand in the career, and with an end."""
    careers, kept, dated, all_ = ground.careers(), 0, 0, 0
    for human, record in {human: record for human, record in placed}.items():  # noqa: C416
        entries = dict(careers.get(record, []))
        for employer in truth.people[truth.by_id[human]]["employers"]:
            if employer["until"] and not employer["company"].startswith("*"):
                all_ += 1
                kept += employer["company"] in entries
                dated += bool(entries.get(employer["company"]))
    say(f"former employers of the truth: {all_}; in the career: {kept}, with an end: {dated}")


def exports(truth: Truth) -> None:
    """Twelve files of one community: twice, and in two orders."""
    states = []
    for order in (list(EXPORTS), list(reversed(EXPORTS))):
        say("", f"## Twelve exports, {order[0]} first")
        with ground.house(SERVER, HOST):
            brought = {}
            for name in order:
                brought[name] = _export(name)
                say(f"{name}: {brought[name].rows} rows: {_counted(brought[name])}")
            states.append(ground.state())
            placed = [
                (truth.rows[name, number], record)
                for name, imported in brought.items() for number, record in ground.owners(imported).items()
                if (name, number) in truth.rows
            ]  # fmt: skip
            asked = ground.questions()
            say(*Score(placed, truth, asked).lines(), f"questions to a person: {len(asked)}")
            again = [_export(name) for name in order]
            changed = {each.name: _counted(each) for each in again if set(each.counts) - {"same"}}
            same = ground.state() == states[-1]
            say(
                f"the same again: {'changes nothing' if same else 'CHANGES SOMETHING'}; rows that were not the same: {changed or 0}"
            )
            say(f"mails: {ground.mails()}")
    differing = set(map(str, states[0])) ^ set(map(str, states[1]))
    say("", f"two orders: {'one state' if not differing else f'{len(differing)} records differ'}")
    for line in sorted(differing)[:20]:
        say("  " + line[:300])


def _export(name: str) -> Import:
    import re

    dated = re.search(r"20\d\d", name)
    return ground.bring(DATA / "exports" / name, kind=EXPORTS[name], source=name.partition("/")[0],
                        as_of=None if dated else AS_OF)  # fmt: skip


def roster(truth: Truth) -> None:
    """A list without ids and addresses: every row a new person, once."""
    say("", "## A staff list without ids and addresses")
    path = DATA / "hr-roster-chicago" / "roster-2018-03.csv"
    with ground.house(SERVER, "City"):
        imported = ground.bring(path, kind="employee", source="HR")
        say(f"{path.name}: {imported.rows} rows: {_counted(imported)}; {ground.people()} people")
        for again in (path, path.with_name("roster-2020-10.csv")):
            say(f"{again.name} after it: {_refusal(again)}")
        say(f"{ground.people()} people, {ground.mails()} mails")


def _refusal(path: Path) -> str:
    from portal.core.errors import Invalid

    try:
        again = ground.bring(path, kind="employee", source="HR")
    except Invalid as error:
        return f"refused: {error.message}"
    return f"{again.state}: {again.problem}"


def _counted(imported: Import) -> str:
    counted = ", ".join(f"{number} {name}" for name, number in sorted(imported.counts.items()))
    return counted or f"{imported.state}: {imported.problem}"


if __name__ == "__main__":
    main()
