"""What persons give to the house."""

from __future__ import annotations

from portal.core import access
from portal.core.parts import Feature
from portal.core.settings import Setting
from portal.people import queries

access.contribute(queries.facts)
access.register_system(queries.system_id)

FEATURE = Feature(
    name="people",
    settings=(
        Setting("host_name", "Kestrel & Lowe", "Name of the company", "Brand"),
        Setting("brand_name", "Kestrel & Lowe Alumni", "Name of the portal", "Brand"),
        Setting("brand_short_name", "K&L Alumni", "Short name of the portal", "Brand", "Shown on phones."),
        Setting("brand_tagline", "Once a colleague, always welcome.", "Line below the name", "Brand"),
        Setting("brand_accent", "#0e5a63", "Accent colour", "Brand", "Contrast is kept whatever you choose."),
        Setting(
            "postal_address",
            "Kestrel & Lowe, 14 Redcliffe Wharf, Bristol BS1 6SR",
            "Postal address",
            "Mail",
            "At the foot of every mail.",
        ),
    ),
)
