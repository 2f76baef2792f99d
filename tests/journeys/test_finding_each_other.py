"""Ex-coworkers find each other and connect; a board for former customers is hidden from everybody else (A3, A4, M1, M6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make

FORMER_CUSTOMERS = ({"relation_kind": "customer", "phase": "former"},)
SECRET = "Quillon"  # noqa: S105 - the word that nobody else may find


def test_ex_coworkers_find_each_other_and_connect(
    someone: Callable[..., Any], make: Make, work: Callable[[], int]
) -> None:
    zoe = make.member("Zoë Viewer", department="Firmware", start="2010", end="2015-12-31")
    ada = make.member("Ada Lovelace", department="Firmware", start="2014-11-01", end="2016-12-31")
    make.member("Ben Later", department="Billing", start="2018", end="2019-12-31")
    work()

    hers = someone(zoe)
    hers.go("/").press("People").sees("Ada Lovelace", "months together at Kestrel & Lowe, Firmware").misses("Ben Later")
    hers.look_at("worked-with-me").press("Ada Lovelace").press("Say hello")
    hers.sees("no address or number is shown to anybody").look_at("say-hello")
    hers.fill(body="We soldered the first yard scale together. How are you?").press("Say hello")
    hers.sees("Your hello is on its way", "Waiting").misses("@example.org")

    work()
    theirs = someone(ada, phone=True, dark=True)
    theirs.go("/notifications").sees("Zoë Viewer says hello").look_at("notifications")
    theirs.press("Zoë Viewer says hello").sees("the first yard scale").look_at("hellos")
    theirs.press("Accept").sees("are connected").look_at("connected")
    work()
    hers.go("/connections").sees("Ada Lovelace").look_at("connections")
    hers.go("/notifications").sees("Ada Lovelace accepted your hello")


def test_a_board_for_former_customers_is_found_by_nobody_else(
    someone: Callable[..., Any], make: Make, work: Callable[[], int]
) -> None:
    rosa, piet = make.member("Rosa Costa", relation="customer:former"), make.member("Piet Vos")
    room = make.board(f"The {SECRET} room", audiences=FORMER_CUSTOMERS)
    open_topic = make.topic(make.board("Canteen"), author=rosa, title="Good soup", body="Leek again.")

    hers = someone(rosa, by="keys")
    hers.go("/boards").press(f"The {SECRET} room").press("New topic").look_at("new-topic")
    hers.fill(title=f"What {SECRET} owes us", body=f"{SECRET} has not paid.").press("Post").sees(
        f"{SECRET} has not paid"
    )
    address = hers.page.url
    work()
    hers.go(f"/search?q={SECRET}&tab=posts").sees(f"What {SECRET} owes us")

    his = someone(piet)
    his.go("/boards").sees("Canteen").misses(SECRET)
    his.go(f"/search?q={SECRET}&tab=posts").sees("Nothing found").misses("owes us")
    for path in (address, f"/boards/{room.public_id}", f"/boards/{room.public_id}/about"):
        his.go(path).sees("There is nothing behind this door").misses(SECRET)
        assert his.status == 404
    his.go(f"/people/{rosa.public_id}").sees("Rosa Costa").misses(SECRET)
    his.go("/").misses(SECRET).go(f"/topics/{open_topic.public_id}").sees("Leek again.").misses(SECRET)
    his.go("/notifications").misses(SECRET)
