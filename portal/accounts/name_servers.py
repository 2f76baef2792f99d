"""Whether a domain takes mail at all, as the name servers say; what they don't say for certain changes nothing (R5)."""

from __future__ import annotations

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from flask import current_app

PATIENCE = 5.0  # seconds for one question
NOBODY = "."  # an MX of this says: no mail, ever (RFC 7505)


def takes_mail(domain: str) -> bool | None:
    """True or False when the answer is clear; None when the name servers fail, time out or contradict themselves."""
    resolver = _resolver()
    try:
        found = resolver.resolve(domain, "MX", lifetime=PATIENCE)
        return any(entry.exchange.to_text() != NOBODY for entry in found)
    except NXDOMAIN:
        return False
    except NoAnswer:
        return _has_host(resolver, domain)
    except DNSException:
        return None


def _has_host(resolver: Resolver, domain: str) -> bool | None:
    """Without an MX the host itself takes the mail (RFC 5321)."""
    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(domain, kind, lifetime=PATIENCE)
        except NXDOMAIN:
            return False
        except NoAnswer:
            continue
        except DNSException:
            return None
        else:
            return True
    return False


def _resolver() -> Resolver:
    """The machine's own name servers, or the one that was configured."""
    chosen: str = current_app.config["PORTAL"].dns_server
    if not chosen:
        return Resolver()
    host, _, port = chosen.partition(":")
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = [host], int(port or 53)
    return resolver
