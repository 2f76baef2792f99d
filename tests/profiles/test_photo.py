"""A photo is made square, small and without what the camera wrote, and shown to whom it is for (P1)."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from portal.core.access import viewer_of
from portal.core.db import db
from portal.core.files import storage
from portal.people import actions as people
from portal.people.queries import person_by_id
from portal.profiles.actions import edit_profile
from portal.profiles.models import Shown

if TYPE_CHECKING:
    from pathlib import Path

    from portal.people.models import Person
    from tests.browse import Browser, Page
    from tests.factories import Make


def picture(width: int = 600, height: int = 400, kind: str = "JPEG") -> BytesIO:
    """A picture, left half red, right half blue, with a place in its EXIF."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010E] = "Taken at home, 14 Secret Street"
    out = BytesIO()
    made.save(out, kind, **({"exif": exif.tobytes()} if kind != "GIF" else {}))
    out.seek(0)
    return out


def upload(me: Browser, file: BytesIO | None = None, **fields: Any) -> Page:
    """Send a picture through the page."""
    page = me.open("profiles.photo")
    return page.submit("Use this picture", picture=(file or picture(), "me.jpg"), **fields)


def key_of(person: Person) -> str:
    """The photo's key."""
    db.session.remove()
    return person_by_id(person.id).photo or ""


def test_a_picture_becomes_a_small_square_without_exif(make: Make, browse: Browser) -> None:
    """Re-encoded: nothing of the file that was sent is kept but what one sees."""
    person = make.member()
    page = upload(browse.as_(person))
    assert "This is your photo now." in page.words
    answer = browse.as_(make.member()).get(f"/photos/{key_of(person)}").response
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.headers["Cache-Control"].startswith("private")
    assert b"Secret Street" not in answer.data
    shown = Image.open(BytesIO(answer.data))
    assert shown.size == (400, 400)
    assert not shown.getexif()


PARTS = [("left", (True, False)), ("right", (False, True)), ("middle", (True, True))]


@pytest.mark.parametrize(("part", "sides"), PARTS)
def test_one_chooses_the_part(make: Make, browse: Browser, part: str, sides: tuple[bool, bool]) -> None:
    """The square lies where it was asked for."""
    person = make.member()
    upload(browse.as_(person), part=part, share="0.45")
    shown = Image.open(BytesIO(browse.as_(person).get(f"/photos/{key_of(person)}").response.data))
    left, right = shown.getpixel((2, 90)), shown.getpixel((shown.width - 3, 90))
    assert (left[0] > 200, right[2] > 200) == sides


@pytest.mark.parametrize("what", ["nothing", "text", "svg", "small", "large", "bomb"])
def test_what_is_no_photo_is_refused_with_a_sentence(make: Make, browse: Browser, what: str) -> None:
    """8 MB, 25 megapixels, four formats; each with what to do."""
    files: dict[str, Callable[[], BytesIO]] = {
        "nothing": lambda: BytesIO(b""),
        "text": lambda: BytesIO(b"hello"),
        "svg": lambda: BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        "small": lambda: picture(8, 8),
        "large": lambda: BytesIO(b"\xff\xd8\xff" + b"0" * (8 * 1024 * 1024 + 1)),
        "bomb": lambda: picture(9000, 3000, "PNG"),
    }
    person = make.member()
    status, words = answer_to(browse.as_(person), files[what]())
    assert status == 422
    assert "There is a problem" in words
    assert any(hint in words for hint in ("choose a", "send a JPG", "too small", "make it smaller"))
    assert key_of(person) == ""


def answer_to(me: Browser, file: BytesIO) -> tuple[int, str]:
    """Status and words; the test client leaves the file open in which it put a large body together."""
    page = upload(me, file)
    status, words = page.status, page.words
    del page
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    return status, words


def test_the_old_file_goes_when_there_is_another(make: Make, browse: Browser, work: Callable[[], int]) -> None:
    """By a job, once it is certain; the new one stays."""
    person = make.member()
    me = browse.as_(person)
    upload(me)
    first = key_of(person)
    upload(me)
    second = key_of(person)
    work()
    assert [storage().exists(f"photos/{key}") for key in (first, second)] == [False, True]
    me.open("profiles.photo").submit("remove")
    work()
    assert not storage().exists(f"photos/{second}")
    assert key_of(person) == ""
    assert me.get(f"/photos/{second}").status == 404


def test_a_form_sent_twice_leaves_one_photo(make: Make, browse: Browser, data_dir: Path) -> None:
    """T1: the second file of the same form is not kept."""
    person = make.member()
    page = browse.as_(person).open("profiles.photo")
    before = len(list(data_dir.rglob("*.webp")))
    for _ in range(2):
        answer = page.submit("Use this picture", picture=(picture(), "me.jpg"))
        assert answer.status == 200
    assert len(list(data_dir.rglob("*.webp"))) == before + 1
    assert storage().exists(f"photos/{key_of(person)}")


def test_a_photo_is_for_members_unless_it_is_public(make: Make, browse: Browser) -> None:
    """P1: a visitor gets it only when it is shown to everyone; nobody who was blocked does."""
    person, other = make.member(), make.member()
    upload(browse.as_(person))
    url = f"/photos/{key_of(person)}"
    assert browse.get(url).status == 404
    assert browse.as_(other).get(url).status == 200
    edit_profile(person, {"headline": Shown(("Hello",), "public")}, by=viewer_of(person.id))
    db.session.commit()
    assert url not in browse.open("profiles.person", public_id=person.public_id).text
    upload(browse.as_(person), audience="public")
    url = f"/photos/{key_of(person)}"
    assert browse.get(url).status == 200
    assert url in browse.open("profiles.person", public_id=person.public_id).text
    people.block(other, by=viewer_of(person.id))
    db.session.commit()
    assert browse.as_(other).get(url).status == 404


def test_a_kept_photo_is_not_sent_again(make: Make, browse: Browser) -> None:
    """The browser's copy is confirmed."""
    person = make.member()
    me = browse.as_(person)
    upload(me)
    url = f"/photos/{key_of(person)}"
    etag = me.get(url).response.headers["ETag"]
    assert me.get(url, headers={"If-None-Match": etag}).status == 304


def test_a_photo_that_is_not_there(make: Make, browse: Browser) -> None:
    """Guessed keys lead nowhere, whatever they look like."""
    me = browse.as_(make.member())
    for key in ("x.webp", "..%2f..%2fetc", "A" * 300, "a.webp\x00"):
        assert me.get(f"/photos/{key}").status == 404
