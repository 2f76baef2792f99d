"""What the cards of a vCard file tell of people."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from portal.imports.reading import cells
from portal.imports.reading.encodings import propose_encoding
from portal.imports.reading.limits import MOST_ROWS, PREVIEW_ROWS
from portal.imports.reading.rows import RecordMaker
from portal.imports.reading.source import BadFile, Choices, Source
from portal.imports.reading.vcards import cards_of, count_cards
from portal.imports.records import Record, Stint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.imports.reading.rows import Values
    from portal.imports.reading.vcards import Card, Property

COLUMNS = ("full_name", "given_name", "family_name", "preferred_name", "address", "phone", "link", "place",
           "organisation", "department", "title", "external_id", "seen_on")  # fmt: skip
NO_PERSON = "This card is of an organisation, not of a person, so it was left out."
TOO_MANY_CARDS = f"The file has more than {MOST_ROWS:,} cards. Split it into smaller ones."
NOT_CALLED = {"fax", "pager", "homefax", "workfax"}


def look_at_cards(path: Path, chosen: Choices | None) -> Source:
    """What a vCard file is."""
    encoded = propose_encoding(path)
    choices = Choices(
        "vcard",
        encoding=chosen.encoding if chosen else encoded.encoding,
        header_row=0,
        system=chosen.system if chosen else "",
    )
    count = count_cards(path, choices.encoding)
    if count > MOST_ROWS:
        raise BadFile(TOO_MANY_CARDS)
    return Source(
        format="vcard",
        layout="",
        choices=choices,
        encoding_sure=encoded.sure,
        encodings=encoded.others,
        delimiter_sure=True,
        sheets=(),
        columns=(),
        rows_seen=count,
        preview=list(islice(records_of_cards(path, choices), PREVIEW_ROWS)),
        notes=(encoded.note,) if encoded.note else (),
    )


def records_of_cards(path: Path, choices: Choices) -> Iterator[Record]:
    """One record for each card; ids are taken only when it was said whose they are."""
    maker = RecordMaker(replace(choices, mapping=COLUMNS, date_order="ymd"))
    for number, card in enumerate(cards_of(path, choices.encoding), start=1):
        if _is_organisation(card):
            yield Record(row=number, problems=(NO_PERSON,))
            continue
        problems = list(card.problems)
        record = maker.record(number, _values(card, bool(choices.system), problems), problems)
        yield replace(record, stints=(*record.stints, *_more_stints(card))) if record.stints else record


def _is_organisation(card: Card) -> bool:
    kind = card.first("KIND")
    if kind and kind.text.lower() in ("org", "group", "location"):
        return True
    return _shows_firm(card) and not _name_parts(card)


def _shows_firm(card: Card) -> bool:
    name, firm = card.first("FN"), card.first("ORG")
    return bool(name and firm and name.text == firm.parts[0])


def _values(card: Card, has_system: bool, problems: list[str]) -> Values:
    names = _name_parts(card)
    found: dict[str, list[str]] = {
        "full_name": [_full_name(card, names)],
        "given_name": names[1:2],
        "family_name": names[:1],
        "preferred_name": [prop.text.partition(",")[0] for prop in card.all("NICKNAME")],
        "address": [prop.text.removeprefix("mailto:") for prop in card.all("EMAIL")],
        "phone": [_number(prop) for prop in card.all("TEL") if not prop.types & NOT_CALLED],
        "link": [prop.text for prop in card.all("URL")],
        "place": [city for prop in card.all("ADR") if "work" not in prop.types and (city := _part(prop, 3))],
        "organisation": [prop.parts[0] for prop in card.all("ORG")[:1]],
        "department": [_part(prop, 1) for prop in card.all("ORG")[:1]],
        "title": [prop.text for prop in card.all("TITLE")[:1]],
        "external_id": [prop.text for prop in card.all("UID")[:1] if has_system],
        "seen_on": [prop.text[:10].partition("T")[0] for prop in card.all("REV")[:1]],
    }
    cleaned = {key: [cells.clean(text, problems) for text in texts] for key, texts in found.items()}
    return {key: kept for key, texts in cleaned.items() if (kept := [text for text in texts if text])}


def _name_parts(card: Card) -> list[str]:
    """Family, given and further names, prefix and suffix, as far as the card tells."""
    name = card.first("N")
    parts = [part.replace(",", " ") for part in name.parts] if name else []
    return parts if any(parts) else []


def _full_name(card: Card, parts: list[str]) -> str:
    """The name as the card shows it, without Mr or Dr; a comma in it does not turn it round."""
    shown = card.first("FN")
    family, given, further, prefix, suffix = [*parts, *[""] * 5][:5]
    if not shown or _shows_firm(card):
        return " ".join(part for part in (given, further, family, suffix) if part)
    text = shown.text
    if not parts:
        return text
    return text.removeprefix(prefix).replace(",", " ") if prefix else text.replace(",", " ")


def _number(prop: Property) -> str:
    """Without what a "tel:" address says beside the number; an extension stays."""
    number, _semicolon, rest = prop.text.removeprefix("tel:").partition(";")
    return f"{number} ext. {rest[4:]}" if rest.startswith("ext=") else number


def _part(prop: Property, at: int) -> str:
    return prop.parts[at] if at < len(prop.parts) else ""


def _more_stints(card: Card) -> list[Stint]:
    """What a card that names several organisations says of the others."""
    firms, titles = card.all("ORG")[1:], card.all("TITLE")[1:]
    told = [*(title.text for title in titles), *[""] * len(firms)]
    return [
        Stint(organisation=firm.parts[0][:160], title=title[:120], department=_part(firm, 1)[:80])
        for firm, title in zip(firms, told, strict=False)
        if cells.is_firm(firm.parts[0])
    ]
