"""Reading the directory; every statement asks who looks."""

from portal.directory.queries.counts import NOTHING, Counted, counts
from portal.directory.queries.coworkers import coworkers, coworkers_page, shared_with, unmet_coworkers
from portal.directory.queries.filters import Filters
from portal.directory.queries.newcomers import newcomers, still_met
from portal.directory.queries.organisations import (
    organisation_for,
    organisations_page,
    people_in_year,
    people_now,
    people_once,
    related,
    told_of,
)
from portal.directory.queries.people import FEW, people_page, search_page, similar_names, suggestions
from portal.directory.queries.reading import reading_of
from portal.directory.queries.saved import filters_of, new_matches, own_search, saved_searches

__all__ = [
    "saved_searches",
    "own_search",
    "new_matches",
    "filters_of",
    "counts",
    "Counted",
    "NOTHING",
    "FEW",
    "Filters",
    "coworkers",
    "coworkers_page",
    "newcomers",
    "organisation_for",
    "organisations_page",
    "people_in_year",
    "people_now",
    "people_once",
    "people_page",
    "reading_of",
    "related",
    "search_page",
    "shared_with",
    "similar_names",
    "still_met",
    "suggestions",
    "told_of",
    "unmet_coworkers",
]
