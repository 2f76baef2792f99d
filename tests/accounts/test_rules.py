"""The rules as pure answers: who gets in with what, which addresses are the same, what a device is called."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from unicodedata import normalize

import pyotp
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from portal.accounts import mailboxes, passwords, policies, totp
from portal.accounts.devices import name_of
from portal.accounts.models import EmailAddress
from portal.accounts.policies import Keys, Shown
from portal.core import clock
from portal.core.access import VISITOR, Viewer
from portal.core.mail_domains import is_provider

LOCAL = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda text: ".." not in text
)
DOMAIN = st.sampled_from(["example.org", "Gmail.com", "münchen.de", "xn--mnchen-3ya.de", "mail.example.co.uk"])


@given(LOCAL, DOMAIN)
def test_case_and_unicode_fold_together(local: str, domain: str) -> None:
    """I3: however it is typed, one address has one form; the form of the form is itself."""
    norm = mailboxes.parse(f"{local}@{domain}").norm
    assert mailboxes.normal(norm) == norm
    for typed in (local.upper(), local.lower(), local.swapcase()):
        for written in (domain.upper(), domain.lower(), normalize("NFD", domain)):
            assert mailboxes.parse(f" {typed}@{written} ").norm == norm


@given(LOCAL, st.sampled_from(["+a", "+b", ".x"]))
def test_tags_and_dots_are_kept(local: str, tail: str) -> None:
    """I3: ada+a, ada.x and ada are three people's addresses, as far as anybody knows."""
    plain, tagged = mailboxes.parse(f"{local}@gmail.com"), mailboxes.parse(f"{local}{tail}@gmail.com")
    assert plain.norm != tagged.norm


@given(st.text(max_size=60))
@example("ada@example.org,eve@example.com")
@example("ada@example.org\r\nBcc: eve@example.com")
@example("ａda@example.org")
@example("ada@example.org@evil.example")
@example('"ada eve"@example.org')
def test_whatever_is_typed_one_plain_address_comes_out_or_none(text: str) -> None:
    """R9: never a list, a comment, a line break or a second recipient."""
    norm = mailboxes.looked_up(text)
    assert norm == "" or (norm.count("@") == 1 and norm.isascii() and not set(norm) & set(' ,;:<>()[]\\"\r\n\t'))


@given(LOCAL, st.characters(min_codepoint=128, exclude_categories=("Cs", "Zs", "Cc")))
def test_look_alikes_before_the_at_are_refused(local: str, strange: str) -> None:
    """R9, CVE-2019-19844: no other script's letter becomes somebody's address."""
    assume(not strange.isspace())
    assert mailboxes.looked_up(f"{local}{strange}@example.org") == ""


def test_whose_domain_it_is() -> None:
    """I4: providers of mail for everybody are personal."""
    assert is_provider("gmail.com")
    assert is_provider("GMX.de")
    assert not is_provider("harbour.example")


ALL_SHOWN = [
    Shown(through=through, work=work, known_browser=known, same_browser=same)
    for through, work, known, same in product(("link", "password"), *[(False, True)] * 3)
]
ALL_KEYS = [Keys(password=p, totp=t, live_personal=lp, live=lp or lw) for p, t, lp, lw in product(*[(False, True)] * 4)]


@pytest.mark.parametrize("shown", ALL_SHOWN, ids=str)
def test_what_is_asked_at_the_door(shown: Shown) -> None:
    """I2, I5, security.md §1: for everything that can be shown and everything a person could show."""
    for keys in ALL_KEYS:
        step = policies.next_step(shown, keys)
        if keys.totp:
            assert step == "totp", "a second step is never left out"
        elif step == "in" and not shown.known_browser:
            if shown.through == "password":
                assert not keys.live, "an unknown browser is confirmed by mail while there is any address (I5)"
            else:
                assert shown.same_browser, "a link counts where it was asked for"
                assert not shown.work or not (keys.password or keys.live_personal), "I2"


@pytest.mark.parametrize(("shown", "keys", "step"), [
    (Shown(through="link", same_browser=True), Keys(live_personal=True, live=True), "in"),
    (Shown(through="link"), Keys(live_personal=True, live=True), "browser"),
    (Shown(through="link", known_browser=True), Keys(live_personal=True, live=True), "in"),
    (Shown(through="link", work=True, same_browser=True), Keys(live=True), "in"),
    (Shown(through="link", work=True, same_browser=True), Keys(live=True, password=True), "password"),
    (Shown(through="link", work=True, same_browser=True), Keys(live=True, live_personal=True), "mail"),
    (Shown(through="link", work=True, known_browser=True), Keys(live=True, live_personal=True), "in"),
    (Shown(through="password"), Keys(password=True, live=True), "mail"),
    (Shown(through="password"), Keys(password=True), "in"),
    (Shown(through="password", known_browser=True), Keys(password=True, live=True), "in"),
    (Shown(through="password", known_browser=True), Keys(password=True, live=True, totp=True), "totp"),
])  # fmt: skip
def test_the_door_in_examples(shown: Shown, keys: Keys, step: str) -> None:
    assert policies.next_step(shown, keys) == step


@pytest.mark.parametrize("role", ["moderator", "staff", "seller", "manager", "executive", "admin", ""])
def test_who_needs_a_second_step(role: str) -> None:
    """Security §1: everybody with a role."""
    viewer = Viewer(person_id=1, roles=frozenset({role}) if role else frozenset())
    assert policies.needs_second_step(viewer, 1) == bool(role)
    assert not policies.needs_second_step(viewer, 2)


def test_accounts_are_their_person_s_own() -> None:
    """R15: owner yes; member, staff, admin, visitor and system no."""
    for by, may in ((Viewer(person_id=1), True), (Viewer(person_id=2), False), (VISITOR, False),
                    (Viewer(person_id=2, roles=frozenset({"admin"})), False),
                    (Viewer(person_id=1, system=True), False)):  # fmt: skip
        assert policies.is_owner(by, 1) is may


@given(st.sampled_from(["live", "stale", "suspended", "dead", "retired", "removed", "unverified"]), st.booleans(),
       st.booleans(), st.integers(0, 800))  # fmt: skip
def test_recovery_needs_a_live_address(state: str, work: bool, current: bool, days: int) -> None:
    """I6: live and personal, or live, of the current employer, and proved within a year."""
    row = EmailAddress(state=state, proved_at=clock.now() - timedelta(days=days))
    may = policies.recovers(row, work=work, current_employer=current, now=clock.now())
    assert may == (state == "live" and (not work or (current and days < 365)))
    if may:
        assert policies.signs_in_by_mail(row, work=work)


@given(st.integers(0, 2_000_000_000), st.integers(-5, 5))
def test_a_code_is_good_for_its_time_only(moment: int, off: int) -> None:
    """ASVS 6.5.5: 30 seconds, and one step either way for a clock that is off."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    at = clock.now().fromtimestamp(moment + 200, tz=clock.now().tzinfo)
    code = pyotp.TOTP(secret).at(moment + 200 + off * totp.STEP)
    step = totp.step_of(secret, code, at)
    if abs(off) <= 1:
        assert step is not None
        assert pyotp.TOTP(secret).at(step * totp.STEP) == code


@given(st.text(max_size=12))
def test_what_is_no_code_is_none(text: str) -> None:
    assume(not ("".join(text.split()).isascii() and "".join(text.split()).isdigit()))
    assert totp.step_of("JBSWY3DPEHPK3PXP", text) is None


def test_codes_on_paper_are_long_and_read_as_people_write_them() -> None:
    """ASVS 6.5.2: 118 bits, so a plain digest is enough."""
    codes = totp.new_codes()
    assert len(set(codes)) == 10
    assert totp.code_digest(codes[0]) == totp.code_digest(codes[0].upper().replace("-", " "))


@given(st.text(min_size=1, max_size=11))
def test_short_passwords_are_refused(text: str) -> None:
    """limits.md: 12 characters or more."""
    assert passwords.complaint(text) is not None


@pytest.mark.parametrize(("agent", "words"), [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
    ("curl/8.5", "An unknown browser"), ("", "An unknown browser"),
])  # fmt: skip
def test_devices_have_names(agent: str, words: str) -> None:
    assert name_of(agent) == words
