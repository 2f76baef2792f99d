"""Made-up files in the shapes that real programs write; nobody in them exists."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import contextmanager
from datetime import date
from typing import IO, TYPE_CHECKING

import xlsxwriter

from portal.imports.reading import inspect, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.imports.reading import Choices, Source
    from portal.imports.records import Record


def columns(text: str) -> list[str]:
    """Names as they stand in the first line of a file."""
    return text.split(",")


OUTLOOK = columns(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Home City,"
    "Business Fax,Business Phone,Mobile Phone,Account,Anniversary,Birthday,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,Gender,Location,Notes,"
    "Office Location,Organizational ID Number,Priority,Private,Profession,User 1,Web Page"
)
GOOGLE_2016 = columns(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Name Suffix,Nickname,Location,Occupation,Notes,"
    "Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,"
    "Address 1 - City,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Organization 1 - Department,"
    "Website 1 - Value"
)
GOOGLE_2024 = columns(
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value"
)
MAILCHIMP = columns(
    "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,REGION,LAST_CHANGED,LEID,"
    "EUID,NOTES,TAGS"
)


def table(*rows: list[str], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Rows as a program writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(rows)
    return text.getvalue()


def under(names: list[str], **values: str) -> list[str]:
    """A row under many names of columns, most of them empty; "E_mail_1___Value" stands for "E-mail 1 - Value"."""
    known = {name.replace(" ", "_").replace("-", "_"): name for name in names}
    by_name = {known[key]: value for key, value in values.items()}
    return [by_name.get(name, "") for name in names]


def saved(folder: Path, content: str | bytes, name: str = "people.csv", encoding: str = "utf-8") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def looked_at(folder: Path, content: str | bytes, name: str = "people.csv", encoding: str = "utf-8") -> Source:
    """What `inspect` says of such a file."""
    return inspect(saved(folder, content, name, encoding), name)


def records(
    folder: Path, content: str | bytes, choices: Choices | None = None, encoding: str = "utf-8"
) -> list[Record]:
    """The records of such a file, under these choices or the proposed ones."""
    path = saved(folder, content, encoding=encoding)
    return list(read(path, path.name, choices or inspect(path, path.name).choices))


def workday(path: Path, rows: int = 2) -> Path:
    """A report with title rows, two rows of names with merged cells, a sum at the end and a second sheet."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Leavers")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range("A1:H1", "RPT Leavers")
        sheet.write_row("A2", ["Effective Date"])
        sheet.write_datetime("B2", date(2024, 3, 27), day)
        sheet.write_row("A3", ["Organization", "Analytical Engines"])
        sheet.merge_range("A5:D5", "Worker")
        sheet.merge_range("E5:F5", "Termination")
        sheet.merge_range("G5:H5", "Contact Information")
        names = ["Employee ID", "Worker", "Legal Name - First Name", "Legal Name - Last Name", "Termination Date",
                 "Primary Termination Reason", "Email - Work", "Email - Primary Home"]  # fmt: skip
        sheet.write_row("A6", names)
        for row in range(6, 6 + rows):
            sheet.write_row(row, 0, [f"00{row}", f"Ada{row} Byron (Terminated)", f"Ada{row}", "Byron"])
            sheet.write_datetime(row, 4, date(2016, 9, row % 28 + 1), day)
            sheet.write_row(row, 5, ["Resignation", f"ada{row}@work.example.org", f"ada{row}@home.example.org"])
        sheet.write_row(7 + rows, 0, ["Total", rows])
        book.add_worksheet("Prompt Values").write("A1", "Effective Date")
    return path


@contextmanager
def forged(path: Path) -> Iterator[IO[bytes]]:
    """A workbook whose only sheet is written by hand: what is written goes between the tags of its rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = '<Relationships xmlns="{}"><Relationship Id="r1" Type="{}" Target="{}"/></Relationships>'
    sheets = '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", related.format(package, f"{office}/officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>')
        relation = related.format(package, f"{office}/worksheet", "worksheets/sheet1.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", relation)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            yield part
            part.write(b"</sheetData></worksheet>")
