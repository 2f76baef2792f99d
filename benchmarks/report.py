"""The figures as a Markdown table, in the terminal and in the documentation."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.measure import Figures

BEGIN, END = "<!-- figures: written by `make bench-doc` -->", "<!-- end of figures -->"
HEAD = (
    "| page | req/s | p50 ms | p95 ms | kB | statements | CPU ms server + database | × bare view | of all rounds | bar |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def table(database: str, figures: list[Figures]) -> str:
    """One database's figures."""
    lines = [f"### {'SQLite' if database == 'sqlite' else 'PostgreSQL'}", "", HEAD]
    for one in figures:
        over = " **over**" if one.ratio > one.page.bar else ""
        lines.append(
            f"| {one.page.name} | {one.per_second:.0f} | {one.p50:.1f} | {one.p95:.1f} | {one.size / 1000:.1f} | {one.statements or '–'} |"
            f" {one.server:.2f} + {one.database:.2f} | {one.ratio:.1f} | {one.least:.1f}–{one.most:.1f} | {one.page.bar:.0f}{over} |"
        )
    return "\n".join(lines) + "\n"


def write(path: Path, results: dict[str, list[Figures]]) -> None:
    """Put the tables between their marks in a document."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    where = f"{machine}, gunicorn with 2 workers of 4 threads, limits off, 8 requests at once."
    body = "\n\n".join(table(database, figures) for database, figures in results.items())
    path.write_text(f"{before}{BEGIN}\n\n{where}\n\n{body}\n{END}{after}", encoding="utf-8")
