"""Rows are kept as they were read, and records are derived from them whatever their order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.partial_dates import PartialDate
from portal.imports.deriving import Claim, career
from portal.imports.firms import Firm
from portal.imports.records import Record, Stint
from portal.imports.report import safe
from portal.imports.rows import as_json, boxes, from_json, trimmed

FIRMS = [Firm(1, "Works"), Firm(2, "Mill"), Firm(3, "Engines"), Firm("", "")]
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)
dates = st.sampled_from([None, *map(PartialDate, ("2009", "2014-06", "2014-06-30", "2016", "2018-01-31"))])
stints = st.builds(
    Stint, organisation=words, title=words, department=words, start=dates, end=dates, is_over=st.booleans()
)
records = st.builds(
    Record, row=st.integers(1, 9), full_name=words, addresses=st.lists(words, max_size=2).map(tuple),
    phones=st.lists(words, max_size=2).map(tuple), stints=st.lists(stints, max_size=3).map(tuple),
    external_ids=st.lists(st.tuples(words, words), max_size=2).map(tuple), unsubscribed=st.booleans(),
)  # fmt: skip
claims = st.builds(
    Claim, seen=st.sampled_from(["2014-06-25", "2016-07-01", "2019-03-27"]), row_id=st.integers(1, 9),
    firm=st.sampled_from(FIRMS), stint=stints, relation=st.just(""), is_hosts=st.just(False),
)  # fmt: skip


@settings(max_examples=40)
@given(records)
def test_a_record_comes_back_as_it_was_kept(record: Record) -> None:
    assert from_json(record.row, as_json(record)) == record


@settings(max_examples=40)
@given(st.text(max_size=40), words)
def test_nothing_is_too_long_and_addresses_are_parsed_once(name: str, firm: str) -> None:
    record = Record(row=1, full_name=f"{name}\u202e\u200b" * 9, addresses=(" ADA@Example.ORG ", "no address", "ada@example.org"),
                    stints=(Stint(organisation=firm * 20),))  # fmt: skip
    kept = trimmed(record)
    assert len(kept.full_name) <= 120
    assert not set(kept.full_name) & set("\u200b\u202e")
    assert all(len(stint.organisation) <= 160 for stint in kept.stints)
    assert [box.norm for box in boxes(kept)] == ["ada@example.org"]
    assert kept.addresses == ("ADA@example.org",)
    assert any("no address" in problem for problem in kept.problems)


@settings(max_examples=40)
@given(st.lists(claims, max_size=6).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_a_career_does_not_depend_on_the_order_of_rows(both: tuple[list[Claim], list[Claim]]) -> None:
    some, shuffled = both
    assert career(some) == career(shuffled)
    for entry in career(some):
        assert entry.firm.key != ""
        assert not (entry.start and entry.end and entry.end.last < entry.start.first)
    assert {entry.firm.key for entry in career(some)} == {claim.firm.key for claim in some} - {""}


@settings(max_examples=40)
@given(st.text(max_size=10))
def test_no_cell_is_a_formula(text: str) -> None:
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))
