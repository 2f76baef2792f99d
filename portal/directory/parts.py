"""What the directory gives to the house."""

from __future__ import annotations

from portal.core.parts import Feature, NavItem
from portal.core.settings import Setting
from portal.directory import jobs, letter, listeners, shown, views
from portal.directory.person_data import ReadingData, SearchesData
from portal.directory.searching import PeopleSearch

GROUP = "People pages"
PAGES = ("directory.", "profiles.person", "messages.hello", "messages.connections")
SETTINGS = (
    Setting("directory_daily_profiles", 150, "Profiles a member may read a day", GROUP, "Then slower.", low=1),
    Setting("directory_pause_seconds", 20, "Seconds between profiles once it is slower", GROUP, low=0, high=600),
    Setting("directory_alert_profiles", 300, "Profiles a day that are written to the audit log", GROUP, low=1),
)  # fmt: skip
FEATURE = Feature(
    name="directory",
    blueprints=(views.bp,),
    nav=(NavItem("People", "directory.people", "people", 20, prefix=PAGES),),
    settings=SETTINGS,
    person_data=(ReadingData(), SearchesData()),
    search_sources=(PeopleSearch(),),
    init=shown.init,
    letter_parts=(letter.Coworkers(), letter.KeptSearches(), letter.Newcomers()),
)

__all__ = ["FEATURE", "jobs", "listeners"]
