"""What persons give to the house."""

from __future__ import annotations

from portal.core import access
from portal.core.brand import HEX
from portal.core.mail import ADDRESS
from portal.core.parts import Feature
from portal.core.settings import Setting
from portal.people import queries
from portal.people.person_data import PeopleData

access.contribute(queries.facts)
access.register_system(queries.system_id)


FEATURE = Feature(
    name="people",
    person_data=(PeopleData(),),
    settings=(
        Setting("host_name", "Kestrel & Lowe", "Name of the company", "Brand", low=2, high=80),
        Setting("brand_name", "Kestrel & Lowe Alumni", "Name of the portal", "Brand", low=2, high=60),
        Setting("brand_short_name", "K&L Alumni", "Short name of the portal", "Brand", "Shown on phones.", low=1, high=20),
        Setting(
            "brand_tagline", "Once a colleague, always welcome.", "Line of welcome", "Brand",
            "The front page begins with it; it stands at the foot of every page.", low=2, high=80,
        ),
        Setting(
            "brand_accent", "#0e5a63", "Accent colour", "Brand", "Contrast is kept whatever you choose.",
            accepts=lambda value: bool(HEX.fullmatch(value)), otherwise="Write a colour like #0e5a63.",
        ),
        Setting(
            "postal_address", "Kestrel & Lowe, 14 Redcliffe Wharf, Bristol BS1 6SR", "Postal address", "Mail",
            "At the foot of every mail.", high=300,
        ),
        Setting(
            "contact_address", "", "Address for those who need help at once", "Mail",
            "In mails about the safety of an account. Left empty, they lead to the imprint.", high=254,
            accepts=lambda value: not value or bool(ADDRESS.fullmatch(value)), otherwise="Write one mail address, or nothing.",
        ),
    ),
)  # fmt: skip
