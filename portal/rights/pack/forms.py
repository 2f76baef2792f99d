"""The same in the forms that other programs read: vCard, iCalendar, JSON Resume, mbox."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from portal.core import clock

Everything = dict[str, Any]
FOLD = 73  # octets in a line of vCard and iCalendar, beside the blank of the ones that go on


def vcard(data: Everything) -> str:
    """A card of version 4 (RFC 6350): names, addresses in use, work, places, links."""
    person, fields = data["person"]["person"], _fields(data)
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_escaped(person['full_name'])}",
        f"NICKNAME:{_escaped(person['call_name'])}",
    ]
    for row in data["accounts"]["addresses"]:
        if row["state"] in ("live", "stale"):
            lines.append(f"EMAIL;TYPE={'work' if row['kind'] == 'work' else 'home'}:{_escaped(row['address'])}")
    for job in (each for each in data["careers"]["positions"] if not each["end"]):
        lines += [
            f"ORG:{_escaped(job['organisation'])};{_escaped(job['department'])}",
            f"TITLE:{_escaped(job['title'])}",
        ]
    named = {
        "phone": "TEL",
        "place": "ADR;LABEL",
        "headline": "ROLE",
        "about": "NOTE",
        "link": "URL",
        "language": "LANG",
    }
    for field, name in named.items():
        for value in fields.get(field, []):
            lines.append(f"ADR:;;{_escaped(value)};;;;" if field == "place" else f"{name}:{_escaped(value)}")
    return _lines([*lines, f"REV:{clock.now():%Y%m%dT%H%M%SZ}", "END:VCARD"])


def calendar(data: Everything) -> str:
    """The days of the career and of the programme (RFC 5545), each lasting that day or its stretch."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//alumni portal//your data//EN"]
    days = [
        *((job["start"], None, f"Began at {job['organisation']}") for job in data["careers"]["positions"]),
        *((job["end"], None, f"Left {job['organisation']}") for job in data["careers"]["positions"]),
        *((row["starts_on"], row["ends_on"], "No favours, please") for row in data["advocates"]["advocate"]["pauses"]),
        *((row["by_date"], None, f"Asked for by then: {row['act']}") for row in data["asks"]["asked_of_me"]),
    ]
    for number, (start, end, words) in enumerate((day for day in days if len(str(day[0] or "")) == 10), 1):
        last = date.fromisoformat(end or start) + timedelta(days=1)
        lines += [
            "BEGIN:VEVENT", f"UID:{data['person']['person']['public_id']}-{number}@your-data",
            f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{start.replace('-', '')}",
            f"DTEND;VALUE=DATE:{last:%Y%m%d}", f"SUMMARY:{_escaped(words)}", "TRANSP:TRANSPARENT", "END:VEVENT",
        ]  # fmt: skip
    return _lines([*lines, "END:VCALENDAR"])


def resume(data: Everything) -> dict[str, Any]:
    """The career as JSON Resume 1.0.0."""
    fields = _fields(data)
    first = {name: next(iter(fields.get(name, [])), "") for name in ("headline", "about", "place", "phone")}
    mails = [row["address"] for row in data["accounts"]["addresses"] if row["state"] == "live"]
    basics = {
        "name": data["person"]["person"]["full_name"], "label": first["headline"], "summary": first["about"],
        "phone": first["phone"], "email": next(iter(mails), ""), "location": {"address": first["place"]},
        "profiles": [{"network": urlsplit(url).hostname or "", "url": url} for url in fields.get("link", [])],
    }  # fmt: skip
    work = [_job(entry) for entry in data["careers"]["positions"]]
    return {
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": {name: value for name, value in basics.items() if value}, "work": work,
        "skills": [{"name": each} for each in fields.get("skill", [])],
        "languages": [{"language": each} for each in fields.get("language", [])],
    }  # fmt: skip


def mbox(data: Everything) -> bytes:
    """What the portal mailed to the person and what members wrote to each other, as one mailbox (RFC 4155)."""
    name = data["person"]["person"]["full_name"]
    letters = [
        _letter("the portal", row["to_address"], row["subject"], row["text"], row["sent_at"] or row["created_at"])
        for row in data["mail"]["mails"] if row["text"]
    ]  # fmt: skip
    for row in data["messages"].get("hellos", []):
        sender, to = (name, "another member") if row["direction"] == "sent" else ("another member", name)
        letters.append(_letter(sender, to, "Hello", row["words"], row["at"]))
    return b"".join(letters)


def _letter(sender: str, to: str, subject: str, text: str, at: str) -> bytes:
    moment, letter = datetime.fromisoformat(at), EmailMessage()
    letter["From"], letter["To"] = (
        f"{_phrase(sender)} <nobody@localhost>",
        to if "@" in to else f"{_phrase(to)} <nobody@localhost>",
    )
    letter["Date"], letter["Subject"] = format_datetime(moment), " ".join(subject.split())
    letter.set_content(text or "\n")
    quoted = b"\n".join(
        b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in letter.as_bytes().splitlines()
    )
    return f"From nobody@localhost {moment:%a %b %d %H:%M:%S %Y}\n".encode() + quoted + b"\n\n"


def _phrase(name: str) -> str:
    return '"' + name.replace("\\", "").replace('"', "") + '"'


def _fields(data: Everything) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in data["profiles"]["profile"]:
        found.setdefault(entry["field"], []).append(entry["value"])
    return found


def _job(entry: dict[str, Any]) -> dict[str, str]:
    """One position; JSON Resume knows years, months and days as well."""
    named = {"name": "organisation", "position": "title", "location": "site", "startDate": "start", "endDate": "end"}
    return {name: entry[ours] for name, ours in named.items() if entry[ours]}


def _escaped(text: str) -> str:
    """Nothing that somebody wrote ends a value or a line."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.replace("\r", "\n").split("\n"))


def _lines(lines: list[str]) -> str:
    """CRLF, and long lines folded between characters, never inside one."""
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _folded(line: str) -> list[str]:
    pieces, rest = [""], line
    for char in rest:
        if len((pieces[-1] + char).encode()) > FOLD:
            pieces.append(" ")
        pieces[-1] += char
    return pieces
