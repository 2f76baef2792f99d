"""Products whose exports are recognised by the columns they write, and what those columns mean there."""

from __future__ import annotations

from dataclasses import dataclass

from portal.imports.reading.meanings import key_of, meaning_of


@dataclass(frozen=True)
class Layout:
    """One export of one product."""

    name: str
    product: str  # whose ids they are
    signature: frozenset[str]  # keys of columns that all have to be there
    meanings: dict[str, str]  # where they differ from what the names mean elsewhere
    relation: str = ""  # what everybody in such a file is to the host

    def meaning_of(self, name: str) -> str:
        """What a column means in this layout; what is not known is left out."""
        return self.meanings.get(key_of(name), meaning_of(name) or "ignore")


def _layout(name: str, product: str, signature: str, relation: str = "", ignored: str = "", **meanings: str) -> Layout:
    known = {key: meaning for meaning, keys in meanings.items() for key in keys.split()}
    return Layout(
        name, product, frozenset(signature.split()), dict.fromkeys(ignored.split(), "ignore") | known, relation
    )


LAYOUTS = (
    _layout(
        "LinkedIn connections", "LinkedIn", "firstname lastname emailaddress company position connectedon",
        ignored="connectedon",
    ),
    _layout(
        "Salesforce report", "Salesforce", "firstname lastname accountname salutation email",
        ignored="fax salutation accountowner mailingstate/province", external_id="contactid", place="mailingcity",
    ),
    _layout(
        "Salesforce Data Loader", "Salesforce", "id isdeleted accountid masterrecordid lastname firstname",
        ignored="salutation masterrecordid accountid leadsource description createddate",
        seen_on="lastmodifieddate", organisation="accountname",
    ),
    _layout(
        "HubSpot contacts", "HubSpot", "recordid firstname lastname email contactowner",
        ignored="contactowner leadstatus createdate emaildomain",
    ),
    _layout(
        "Google contacts (2016)", "Google", "givenname familyname yominame groupmembership",
        ignored="location occupation notes subject priority nameprefix initials maidenname shortname directoryserver",
        preferred_name="nickname",
    ),
    _layout(
        "Google contacts", "Google", "firstname lastname phoneticfirstname organizationname labels",
        ignored="fileas notes photo nameprefix birthday", title="organizationtitle", department="organizationdepartment",
    ),
    _layout(
        "Outlook contacts", "Outlook", "firstname lastname emailaddress email2address businessstreet",
        ignored="title businesscity othercity location account notes organizationalidnumber governmentidnumber"
        " profession businessfax homefax otherfax user1 user2 user3 user4 keywords initials",
        phone="businessphone businessphone2 homephone homephone2 mobilephone primaryphone otherphone",
        place="homecity", site="officelocation",
    ),
    _layout(
        "Thunderbird contacts", "Thunderbird", "firstname lastname displayname primaryemail secondaryemail",
        ignored="screenname faxnumber pagernumber workcity", phone="workphone homephone mobilenumber",
        place="homecity",
    ),
    _layout(
        "Mailchimp audience", "Mailchimp", "emailaddress memberrating lastchanged leid",
        ignored="euid notes tags region cc timezone confirmtime optintime unsubreason unsubcampaigntitle",
        external_id="leid", unsubscribed="unsubtime", bounced="cleantime",
    ),
    _layout(
        "BambooHR employees", "BambooHR", "employee# firstname lastname hiredate terminationdate",
        relation="employee", personal_address="homeemail", work_address="workemail",
    ),
    _layout(
        "Workday workers", "Workday", "employeeid worker terminationdate",
        relation="employee", ignored="primaryterminationreason terminationreason", full_name="worker",
        given_name="legalnamefirstname", family_name="legalnamelastname",
        personal_address="emailprimaryhome emailhome", work_address="emailwork emailprimarywork",
    ),
)  # fmt: skip


def recognise(names: list[str]) -> Layout | None:
    """The layout whose columns are all there; the most particular one."""
    keys = {key_of(name) for name in names}
    found = [layout for layout in LAYOUTS if layout.signature <= keys]
    return max(found, key=lambda layout: len(layout.signature), default=None)
