"""Addresses that nobody writes to again: known by a keyed digest alone, so that forgetting a person keeps the wish (R26).

Security mail still goes there, because it is only ever sent to whoever asked for it or holds an account. The list
survives erasure (it names nobody), an import (nothing lifts it but the person) and a restore (it is carried over).
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, delete, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, backup, clock, crypto, tokens
from portal.core.access import Viewer
from portal.core.db import Model, db, scalars, upsert
from portal.core.policy import require

if TYPE_CHECKING:
    from collections.abc import Collection

PURPOSE = "suppression"
AT_ONCE = 500  # digests in one question


class SuppressedAddress(Model):
    """One address that is not written to, as a digest under a key of this deployment."""

    __tablename__ = "suppressed_address"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    why: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)


def suppress(address: str, *, why: str, by: Viewer) -> None:
    """Write to this address no more, but about security; saying it twice changes nothing."""
    suppress_digest(digest_of(address), why=why, by=by)


def suppress_digest(digest: str, *, why: str, by: Viewer) -> None:
    """The same for a link that must not hold the address itself."""
    require(by.system or by.is_member, "Please sign in first.")
    values = {"digest": digest, "why": why[:120], "at": clock.now()}
    statement = upsert(SuppressedAddress.__table__, values, keys=["digest"])
    if db.session.execute(statement.returning(SuppressedAddress.digest)).first() is not None:
        audit.record("suppress address", ("suppressed_address", values["digest"]), by=by, note=why[:120])


def lift(address: str, *, by: Viewer) -> None:
    """Write there again, because the person whose address it is says so; no import and no admin does.

    Whoever calls this has made sure that the address is proved by `by`.
    """
    require(by.is_member, "Only the person whose address it is can lift this.")
    gone = delete(SuppressedAddress).where(SuppressedAddress.digest == digest_of(address))
    if db.session.execute(gone.returning(SuppressedAddress.digest)).first() is not None:
        audit.record("lift suppression", ("suppressed_address", digest_of(address)), by=by)


def is_suppressed(address: str) -> bool:
    """Whether somebody asked that nothing be written to this address."""
    return bool(suppressed_among([address]))


def suppressed_among(addresses: Collection[str]) -> set[str]:
    """Those of the addresses, as given, that are not written to."""
    known = {digest_of(address): address for address in addresses}
    digests, found = list(known), set[str]()
    for start in range(0, len(digests), AT_ONCE):
        part = digests[start : start + AT_ONCE]
        found.update(scalars(select(SuppressedAddress.digest).where(SuppressedAddress.digest.in_(part))))
    return {address for address in addresses if digest_of(address) in found}


def digest_of(address: str) -> str:
    """What is kept of an address: nobody without the deployment's key can test a guess against it."""
    return tokens.keyed_digest(crypto.own_key(PURPOSE), normal(address))


def normal(address: str) -> str:
    """The form that is compared: case and Unicode forms folded, domains in ASCII; plus-tags and dots are kept (I3)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold()).strip()
    local, at, domain = folded.rpartition("@")
    if domain.isascii():
        return folded
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return folded


def _read() -> list[dict[str, Any]]:
    if not inspect(db.engine).has_table(SuppressedAddress.__tablename__):
        return []
    found = db.session.execute(select(SuppressedAddress.digest, SuppressedAddress.why, SuppressedAddress.at))
    return [dict(row._mapping) for row in found]  # noqa: SLF001


def _write(kept: list[dict[str, Any]]) -> None:
    # The backup may be of a version that had no such list; the migration then finds the table made.
    SuppressedAddress.__table__.create(db.session.connection(), checkfirst=True)  # type: ignore[attr-defined]
    for values in kept:
        db.session.execute(upsert(SuppressedAddress.__table__, values, keys=["digest"]))


CARRIED = "suppressed addresses"
backup.carry_over(CARRIED, _read, _write)
