"""Sign-ins of other providers: by issuer and subject, connected by the owner alone (R12, R13)."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine

from portal import config as configuration
from portal.accounts import providers
from portal.accounts.models import ProviderSignIn, Session
from portal.careers.actions import end_relation
from portal.careers.queries import relations_of
from portal.core import clock
from portal.core.db import db
from portal.core.partial_dates import PartialDate
from tests.accounts.idp import CLIENT, SECRET, Idp
from tests.accounts.keys import raw, set_authenticator, signed_in
from tests.accounts.test_keys import age

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.core.application import Portal
    from tests.browse import Browser, Page
    from tests.factories import Make

BACK = "http://localhost:8000/sign-in/from/{}"


@pytest.fixture
def idp(app: Portal) -> Iterator[Idp]:
    """A provider "Acme" that the portal knows, and another one, "Harbour", of an employer."""
    before = app.config["PORTAL"]
    with (
        Idp().listening(BACK.format("acme")) as own,
        Idp(subject="h-7").listening(BACK.format("harbour")) as work,
    ):
        _know(app, own, work)
        own.other = work  # type: ignore[attr-defined]
        yield own
    app.config["PORTAL"] = before
    providers.init(app)


def _know(app: Portal, own: Idp, work: Idp) -> None:
    listed = [
        {"key": key, "name": key.title(), "issuer": each.issuer, "client_id": CLIENT, "client_secret": SECRET} | more
        for key, each, more in (("acme", own, {}), ("harbour", work, {"domain": "harbour.example"}))
    ]
    app.config["PORTAL"] = configuration.check(replace(app.config["PORTAL"], oidc=json.dumps(listed)))
    providers.init(app)


def there_and_back(browser: Browser, start: str = "/sign-in/with/acme", **changes: str) -> Page:
    """Go to the provider, which says yes, and come back with its answer."""
    answer = raw(browser, "GET", start)
    assert answer.status_code == 302, answer.get_data(as_text=True)[:300]
    home = requests.get(answer.location, allow_redirects=False, timeout=10).headers["Location"]
    for old, new in changes.items():
        home = home.replace(old, new)
    assert home.startswith("http://localhost:8000/sign-in/from/"), home
    return browser.get(home)


def connect(browser: Browser, key: str = "acme") -> Page:
    """Connect it in the settings."""
    return there_and_back(browser, f"/settings/how-you-get-in/connect/{key}").submit("Connect it")


def test_it_is_connected_by_its_owner_and_signs_in(browse: Browser, make: Make, idp: Idp, outbox: Any) -> None:
    """R12, R13: issuer and subject are kept, all addresses are told, and the next time it opens the account."""
    ada = make.member("Ada Lovelace", address="ada@example.org")
    page = connect(browse.as_(ada))
    assert "Connected as ada@example.org" in page.words
    held = db.session.query(ProviderSignIn).one()
    assert (held.person_id, held.issuer, held.subject) == (ada.id, idp.issuer, "li-1")
    assert outbox.last("ada@example.org").purpose == "way_in_changed"
    page = there_and_back(browse)
    assert page.heading == "Sign in with Acme"
    assert not signed_in(browse), "what a provider answers does nothing by itself"
    assert page.submit("Continue").url == "/"
    assert signed_in(browse)
    newest = db.session.query(Session).order_by(Session.id.desc()).first()
    assert newest is not None
    assert (newest.person_id, newest.opened_through, newest.factors) == (ada.id, "provider", 1)


@pytest.mark.parametrize("verified", [True, False, "true", "false", ..., None, 1], ids=str)
@pytest.mark.parametrize("email", ["ada@example.org", "ADA@example.org", "eve@example.com", ...], ids=str)
def test_an_address_that_a_provider_tells_links_nobody(
    browse: Browser, make: Make, idp: Idp, verified: Any, email: Any
) -> None:
    """R12, R13: whatever `email` and `email_verified` say, missing, false, as a string, or somebody else's."""
    make.member(address="ada@example.org")
    idp.lies = {"email": email, "email_verified": verified}
    page = there_and_back(browse).submit("Continue")
    assert (page.status, page.heading) == (403, "This sign-in is not connected")
    assert not signed_in(browse)
    assert db.session.query(ProviderSignIn).count() == 0


def test_another_subject_is_somebody_else(browse: Browser, make: Make, idp: Idp) -> None:
    """R12: the same address with a changed subject opens nothing, and cannot be connected beside the first."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    connect(her)
    idp.subject = "li-2"
    assert there_and_back(browse).submit("Continue").status == 403
    page = connect(her)
    assert page.status == 409
    assert "Another sign-in of Acme is connected" in page.words
    assert db.session.query(ProviderSignIn).one().subject == "li-1"


def test_the_same_subject_of_another_issuer_is_somebody_else(browse: Browser, make: Make, idp: Idp) -> None:
    """R12: subjects mean something beside their issuer only."""
    connect(browse.as_(make.member(address="ada@example.org")))
    idp.other.subject = "li-1"  # type: ignore[attr-defined]
    assert there_and_back(browse, "/sign-in/with/harbour").submit("Continue").status == 403


def test_one_sign_in_opens_one_account(browse: Browser, make: Make, idp: Idp) -> None:
    """R12: whoever comes second is refused, and learns nothing of the first."""
    connect(browse.as_(make.member("Ada Lovelace")))
    page = connect(browse.as_(make.member("Ben Okafor")))
    assert page.status == 409
    assert "Lovelace" not in page.text


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("another issuer", {"iss": "https://evil.example"}), ("no issuer", {"iss": ...}),
    ("another audience", {"aud": "somebody-else"}), ("no audience", {"aud": ...}),
    ("another nonce", {"nonce": "replayed"}), ("no nonce", {"nonce": ...}),
    ("run out", {"exp": int(time.time()) - 600}), ("no end", {"exp": ...}),
    ("no subject", {"sub": ...}), ("an empty subject", {"sub": ""}), ("a number as subject", {"sub": 7}),
    ("a long subject", {"sub": "x" * 256}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "lies"), WRONG, ids=[what for what, _ in WRONG])
def test_a_token_that_is_not_for_us_is_refused(
    browse: Browser, make: Make, idp: Idp, what: str, lies: dict[str, Any]
) -> None:
    """R12, ASVS 9.2, 10.5: issuer, audience, nonce, time and subject are as they must be, or nothing happens."""
    connect(browse.as_(make.member()))
    idp.lies = lies
    assert there_and_back(browse).status == 422
    assert not signed_in(browse)


def test_a_token_with_another_signature_is_refused(browse: Browser, make: Make, idp: Idp) -> None:
    """ASVS 9.1: another's key, and a key that everybody knows used as a secret, though the provider offers both."""
    connect(browse.as_(make.member()))
    idp.foreign_key = True
    assert there_and_back(browse).status == 422
    idp.foreign_key, idp.algorithm = False, "HS256"
    assert there_and_back(browse).status == 422
    assert not signed_in(browse)


def test_metadata_of_another_issuer_is_refused(browse: Browser, app: Portal, idp: Idp) -> None:
    """ASVS 10.5.3: the issuer is exactly the configured one."""
    idp.metadata_lies = {"issuer": "https://evil.example"}
    assert browse.get("/sign-in/with/acme").status == 422


def test_the_answer_belongs_to_this_browser(browse: Browser, make: Make, idp: Idp) -> None:
    """ASVS 10.1.2, 10.2.1: a foreign or changed state, and an answer opened in another browser, do nothing."""
    connect(browse.as_(make.member()))
    assert there_and_back(browse, **{"state=": "state=x"}).status == 422
    answer = raw(browse, "GET", "/sign-in/with/acme")
    home = requests.get(answer.location, allow_redirects=False, timeout=10).headers["Location"]
    victim = browse.as_(None)
    assert victim.get(home).status == 422
    assert "code_challenge_method=S256" in answer.location
    assert browse.get(home + "&iss=https://evil.example").status == 422, "mixed up with another provider (RFC 9207)"


def test_what_it_said_is_good_for_ten_minutes_once(browse: Browser, make: Make, idp: Idp) -> None:
    """R8: and for the purpose it was asked for."""
    ada = make.member()
    connect(browse.as_(ada))
    page = there_and_back(browse)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert page.submit("Continue").status == 410
    her = browse.as_(ada)
    her.open("accounts.keys").submit("Remove it")
    there_and_back(her, "/settings/how-you-get-in/connect/acme")
    inside = her.open("accounts.addresses")
    hidden = inside._values(inside._form("Add this address", set()))
    assert her.post("/sign-in/from/acme", hidden).status == 410


def test_connecting_asks_who_is_there(browse: Browser, make: Make, idp: Idp) -> None:
    """R11: a stolen session connects nothing."""
    her = browse.as_(make.member(address="ada@example.org"))
    age(16)
    assert her.get("/settings/how-you-get-in/connect/acme").heading == "Confirm it is you"


def test_an_authenticator_is_asked_beside_it(browse: Browser, make: Make, idp: Idp) -> None:
    """R10: a provider is one factor."""
    ada = make.member(address="ada@example.org")
    connect(browse.as_(ada))
    set_authenticator(ada)
    assert there_and_back(browse).submit("Continue").heading == "One more step"


def test_a_sign_in_counts_once(browse: Browser, make: Make, idp: Idp) -> None:
    """security.md §3: an office behind one address; an answer of one's own invention counts for who brings it."""
    connect(browse.as_(make.member()))
    for _ in range(6):
        door = browse.as_(None)
        there_and_back(door).submit("Continue")
        assert signed_in(door)
    assert browse.as_(None).get("/sign-in/with/acme").status == 429
    assert browse.as_(None).get("/sign-in/from/acme?state=made-up&code=x").status == 429


def test_an_answer_is_not_brought_again_and_again(browse: Browser, make: Make, idp: Idp) -> None:
    """security.md §3: though the browser keeps the question, and with it a kept cookie can ask the provider anew."""
    raw(browse, "GET", "/sign-in/with/acme")
    with browse.client.session_transaction() as kept:
        before = dict(kept)
    state = next(name.rpartition("_")[2] for name in before if name.startswith("_state_acme_"))
    found = []
    for _ in range(7):
        with browse.client.session_transaction() as again:
            again.update(before)
        found.append(browse.get(f"/sign-in/from/acme?state={state}&code=x").status)
    assert found == [422] * 6 + [429]


def test_an_employer_s_sign_in_is_no_more_than_a_work_address(
    browse: Browser, make: Make, idp: Idp, letter: Callable[..., str]
) -> None:
    """I2: on an unknown browser a link goes to the own address."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member("Ada Lovelace", relation="customer:current", organisation=firm, address="ada@example.org")
    connect(browse.as_(ada), "harbour")
    page = there_and_back(browse, "/sign-in/with/harbour").submit("Continue")
    assert page.heading == "Look into your mail"
    assert not signed_in(browse)
    browse.get(letter("ada@example.org")).submit("Sign in")
    assert signed_in(browse)


def test_an_employer_s_sign_in_ends_with_the_work(browse: Browser, make: Make, idp: Idp, outbox: Any) -> None:
    """R12, I5: with the last tie, at once; the sessions that it opened too; the own addresses are told."""
    firm = make.organisation("Harbour Optics", domain="harbour.example")
    ada = make.member("Ada Lovelace", relation="customer:current", organisation=firm, address="ada@example.org")
    connect(browse.as_(ada), "harbour")
    connect(browse.as_(ada))
    end_relation(relations_of(ada.id)[0], PartialDate.parse("2024"), by=make.system)
    db.session.commit()
    assert [row.issuer for row in db.session.query(ProviderSignIn)] == [idp.issuer], "the own one stays"
    assert there_and_back(browse, "/sign-in/with/harbour").submit("Continue").status == 403
    assert outbox.last("ada@example.org").purpose == "way_in_changed"


def test_it_is_removed_unless_it_is_the_last_way_in(browse: Browser, make: Make, idp: Idp) -> None:
    """I14, R12."""
    ada = make.member(address="ada@example.org")
    her = browse.as_(ada)
    connect(her)
    assert "no longer signs you in" in her.open("accounts.keys").submit("Remove it").words
    connect(her)
    db.session.execute(db.text("UPDATE email_address SET state = 'retired', live_norm = NULL"))
    db.session.commit()
    assert "last way in" in her.open("accounts.keys").submit("Remove it").words
    assert db.session.query(ProviderSignIn).count() == 1


def test_whoever_stops_at_the_provider_is_back_at_the_door(browse: Browser, make: Make, idp: Idp) -> None:
    """It is said where they stopped, and the other ways stay; what nobody asked for here is not believed."""
    said = "You stopped it at Acme."
    answer = raw(browse, "GET", "/sign-in/with/acme?next=/people")
    state = parse_qs(urlsplit(answer.location).query)["state"][0]
    assert said not in browse.get("/sign-in/from/acme?error=access_denied&state=made-up").words
    stopped = f"/sign-in/from/acme?error=access_denied&state={state}"
    assert said not in browse.as_(None).get(stopped).words
    raw(browse, "GET", "/sign-in/with/acme?next=/people")
    page = browse.get(stopped)
    assert (page.status, page.heading) == (422, "Sign in")
    assert said in page.words
    assert 'name="next" value="/people"' in page.text
    assert said not in browse.get(stopped).words, "once"
    her = browse.as_(make.member())
    answer = raw(her, "GET", "/settings/how-you-get-in/connect/acme")
    state = parse_qs(urlsplit(answer.location).query)["state"][0]
    page = her.get(f"/sign-in/from/acme?error=access_denied&state={state}")
    assert (page.status, page.heading) == (200, "How you can get in")
    assert said in page.words


def test_a_provider_that_is_away_is_said_in_a_sentence(browse: Browser, make: Make, app: Portal, idp: Idp) -> None:
    """Nothing crashes, and the other ways stay."""
    assert "Sign in with Acme" in browse.open("accounts.sign_in").words
    config = app.config["PORTAL"]
    away = config.oidc.replace(idp.issuer, "http://localhost:9")
    app.config["PORTAL"] = replace(config, oidc=away)
    providers.init(app)
    page = browse.get("/sign-in/with/acme", {"next": "/people"})
    assert (page.status, page.heading) == (422, "Sign in")
    assert "did not answer as we expect" in page.words
    assert page.submit("Continue", address="ada@example.org").heading == "Look into your mail"
    inside = browse.as_(make.member()).get("/settings/how-you-get-in/connect/acme")
    assert (inside.status, inside.heading) == (200, "How you can get in")
    assert "did not answer as we expect" in inside.words
    assert browse.get("/sign-in/with/nobody").status == 404


@pytest.mark.parametrize("wrong", [
    "no json", "{}", '["acme"]', '[{"key": "acme"}]', '[{"key": "Acme!", "name": "A", "issuer": "http://a", "client_id": "1", "client_secret": "2"}]',
    json.dumps([{"key": "a", "name": "A", "issuer": "http://a", "client_id": "1", "client_secret": "2"}] * 2),
    json.dumps([{"key": "a", "name": "A", "issuer": "http://a", "client_id": "1", "client_secret": "2", "more": "x"}]),
])  # fmt: skip
def test_a_provider_that_is_half_configured_stops_the_start(wrong: str) -> None:
    with pytest.raises(configuration.ConfigError, match="PORTAL_OIDC"):
        configuration.check(configuration.Config(oidc=wrong, secret_key="x" * 40))
