"""`python -m benchmarks`: what each page costs, as a multiple of a bare Flask view measured in the same run."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import measure, report, site


def main() -> None:
    """Measure on SQLite and, when PORTAL_TEST_POSTGRES names a server, on PostgreSQL."""
    options = _options()
    databases = ["sqlite"] + (["postgresql"] if os.environ.get("PORTAL_TEST_POSTGRES") else [])
    if "postgresql" not in databases:
        print("PORTAL_TEST_POSTGRES names no server: PostgreSQL is left out.", file=sys.stderr)
    results: dict[str, list[measure.Figures]] = {}
    for database in options.database or databases:
        results[database] = []
        for community in options.community or measure.COMMUNITIES:
            with tempfile.TemporaryDirectory() as folder, site.database(database, Path(folder)) as url:
                found = measure.run(
                    url, Path(folder), scale=options.scale, seconds=options.seconds, rounds=options.rounds, community=community
                )  # fmt: skip
            print(report.table(database, found), flush=True)
            results[database] += found[1:] if results[database] else found
    if options.write:
        report.write(Path(options.write), results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--community", action="append", choices=tuple(measure.COMMUNITIES), help="only this one")
    parser.add_argument("--scale", type=float, default=1.0, help="a smaller community, for trying things out")
    parser.add_argument("--seconds", type=float, default=2.5, help="how long each page is asked for in a round")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is measured; the middle one counts")
    parser.add_argument("--write", help="the document whose table is written anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
