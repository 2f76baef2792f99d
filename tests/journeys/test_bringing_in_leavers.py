"""Journey 6: HR brings in leavers from a file, writes to them in a wave, and one of them takes the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.jobs import send_letters
from portal.core.db import db
from portal.core.jobs import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.postbox import Postbox

MOST_SCREENS = 6
IVY, NOA, OLE = "ivy.tran@gmail.com", "noa.levy@gmail.com", "ole.berg@gmail.com"
LEAVERS = (
    "Employee #,First Name,Last Name,Preferred Name,Hire Date,Termination Date,Employment Status,Job Title,Department,Location,"
    "Work Email,Home Email,No letters\n"
    f"2001,Ivy,Tran,,2011-04-01,2014-06-30,Full-Time,Toolmaker,Milling,Leith,ivy.tran@kestrel.example,{IVY},\n"
    f"2002,Ole,Berg,,2009-01-12,2016-11-30,Full-Time,Fitter,Assembly,Leith,,{OLE},yes\n"
    f"2003,Noa,Levy,,2012-08-20,2019-03-31,Part-Time,Buyer,Purchasing,Leeds,,{NOA},\n"
    "2004,Rui,Costa,,2013-02-01,2015-12-31,Full-Time,Draughtsman,Drawing office,Leith,,,\n"
)


def test_a_leaver_of_a_file_takes_the_account_in_a_few_screens(
    someone: Callable[..., Any], make: Make, outbox: Postbox, letter: Callable[[str], str], work: Callable[[], int],
    wordings: None,
) -> None:  # fmt: skip
    """R20, R21, R26: nobody is written to by an import, nor ever who wants no letters; six screens at most to be at home."""
    hr, member = someone(make.member("Hanna Reyes", roles=("admin",))), make.member("Max Muster")
    bring_in(hr, work)
    assert outbox.mails() == [], "an import writes to nobody"
    invite(hr, work)
    post_letters()
    address = letter(IVY)
    assert sorted(outbox.recipients()) == [IVY, NOA], "nobody without an address, nobody who wants no letters"

    ivy = someone(phone=True, dark=True)
    screens: list[str] = []
    ivy.page.on("load", lambda page: screens.append(page.url.removeprefix(ivy.address)))
    take(ivy, address)
    assert screens[0] == address
    assert screens[-1] == "/"
    assert len(screens) <= MOST_SCREENS, screens

    hr.press("Invitations").press("Leavers of Leith").sees("Came", "1 of 2").look_at("leavers-wave-answered")
    colleague = someone(member)
    colleague.go("/search?q=ivy+tran&tab=people").press("I agree").press("Ivy Tran").sees("Former colleague", "Milling")
    colleague.sees("1 April 2011 – 30 June 2014", "Toolmaker").look_at("leaver-found")


def bring_in(hr: Any, work: Callable[[], int]) -> None:
    """A file, its columns, the dry run, and only then the people."""
    hr.go("/admin/imports").press("I agree").sees("Bring in people from a file")
    file = {"name": "leavers.csv", "mimeType": "text/csv", "buffer": LEAVERS.encode()}
    hr.page.set_input_files("[name=file]", file)
    hr.press("Look at the file").sees("BambooHR employees", "Ivy Tran", "No letters").look_at("leavers-columns")
    assert hr.page.locator("[name=kind][value=employee]").is_checked(), "HR's people are employees"
    hr.fill(**{"column-12": "unsubscribed"}, source="BambooHR").press("Start the dry run").sees("being read")
    work()
    hr.press("Imports").press("leavers.csv").sees("This is what would happen", "New people 3")
    hr.sees("Person who asked us not to write 1").look_at("leavers-planned")
    hr.press("Apply")
    work()
    hr.go("/admin/imports").sees("3 new people").look_at("leavers-imports")
    hr.press("leavers.csv").sees("Applied", "New people 3")


def invite(hr: Any, work: Callable[[], int]) -> None:
    """Whom it reaches is seen first; then it is sent."""
    hr.press("Invitations").press("Invite people").fill(name="Leavers of Leith").look_at("leavers-new-wave")
    hr.page.locator("[name=source]").select_option(label="Imported from BambooHR")
    hr.press("See whom it reaches")
    work()
    hr.press("Invitations").press("Leavers of Leith").sees("This would send 2 invitations")
    hr.sees("Asked us not to write", "No address that reaches them").look_at("leavers-wave-ready")
    hr.press("Send 2").sees("The invitations go out now")


def post_letters() -> None:
    """The minute of the worker in which letters are written; `letter` does what is queued."""
    enqueue(send_letters)
    db.session.commit()


def take(ivy: Any, address: str) -> None:
    """From the link in the mail to being at home."""
    ivy.go(address).sees("You are invited").misses("Ivy Tran").look_at("leaver-invited")
    ivy.press("Take my account").sees("Who you are").look_at("leaver-who")
    ivy.fill(agree="y").press("Continue").sees("A password, if you like").look_at("leaver-password")
    ivy.press("Go on without").sees("Ivy").look_at("leaver-home")
