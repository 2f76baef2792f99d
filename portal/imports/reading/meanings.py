"""What a column may mean, and the names by which columns are known."""

from __future__ import annotations

import re

from portal.core.text import plain

MEANINGS = {
    "full_name": "Full name",
    "given_name": "Given name",
    "middle_name": "Middle name",
    "family_name": "Family name",
    "name_suffix": "Name suffix (Jr., III)",
    "preferred_name": "Preferred name",
    "address": "Email address",
    "work_address": "Work email address",
    "personal_address": "Personal email address",
    "phone": "Phone",
    "organisation": "Organisation",
    "former_organisations": "Former organisations",
    "title": "Job title",
    "department": "Department",
    "site": "Site",
    "place": "Place of living",
    "start": "Start date",
    "end": "End date",
    "status": "Employment status",
    "external_id": "Id in another system",
    "relation": "Relation (employee, customer, partner)",
    "link": "Web link",
    "unsubscribed": "Unsubscribed",
    "bounced": "Mail bounced",
    "seen_on": "Day the row speaks of",
    "deleted": "Deleted in the other system",
    "ignore": "Leave out",
}

# Names of columns as `key_of` writes them. Numbered ones ("E-mail 2 - Value") are known by PATTERNS.
KNOWN = {
    "full_name": "name fullname displayname employeename contactname worker workername employee person legalname"
    " preferredfullname nom nomcomplet vollstandigername anzeigename mitarbeiter",
    "given_name": "firstname givenname forename legalnamefirstname legalfirstname fname vorname prenom nombre",
    "middle_name": "middlename additionalname legalnamemiddlename zweitername",
    "family_name": "lastname familyname surname legalnamelastname legallastname lname nachname nomdefamille apellido"
    " apellidos familienname",
    "name_suffix": "suffix namesuffix generation",
    "preferred_name": "preferredname preferredfirstname nickname knownas callname goesby rufname spitzname",
    "address": "email emails emailaddress emailaddresses mail mails eaddress primaryemail secondaryemail mailadresse"
    " emailadresse additionalemailaddresses otheremail correo courriel adressemail",
    "work_address": "workemail emailwork businessemail companyemail corporateemail workemailaddress officeemail"
    " geschaftlicheemail dienstlicheemail",
    "personal_address": "homeemail personalemail privateemail emailprimaryhome emailhome emailpersonal homeemailaddress"
    " personalemailaddress alternateemail emailprivat privateemailaddress emailprimarypersonal",
    "phone": "phone phonenumber phonenumbers telephone mobile mobilephone mobilenumber cellphone cell workphone homephone"
    " primaryphone businessphone telefon telefonnummer handy mobil mobilephonenumber",
    "organisation": "company companyname organisation organization organisationname organizationname employer"
    " currentemployer account accountname associatedcompany firm firma unternehmen currentcompany arbeitgeber societe"
    " empresa",
    "former_organisations": "formeremployers formeremployer formerorganisations formerorganizations previousemployers"
    " previousemployer previouscompanies formercompanies employmenthistory",
    "title": "title jobtitle jobtitles position role businesstitle jobrole stelle funktion berufsbezeichnung poste cargo"
    " positiontitle jobprofile",
    "department": "department dept division departmentname team abteilung bereich costcenter departement"
    " supervisoryorganization",
    "site": "site office location worklocation officelocation standort branch workplace buro",
    "place": "city place homecity mailingcity residence livesin town ort stadt wohnort ville ciudad",
    "start": "start startdate hiredate datehired hiredon hired joined joinedon datejoined employedfrom entrydate from"
    " dateofjoining originalhiredate eintritt eintrittsdatum employmentstartdate begin since",
    "end": "end enddate terminationdate leavedate leavingdate left lefton dateleft lastday lastworkingday employeduntil"
    " exitdate separationdate until austritt austrittsdatum employmentenddate to dateofleaving lastdayofwork",
    "status": "employmentstatus employeestatus workerstatus",
    "external_id": "id externalid employeeid employeenumber employee# employeeno empid personid workerid recordid"
    " contactid personnelnumber personalnummer staffid userid memberid leid uniqueid mitarbeiternummer crmid",
    "relation": "relation relationkind relationship relationshiptype contacttype persontype",
    "link": "url link linkedin linkedinurl linkedinprofile profileurl website webpage homepage linkedinbio websiteurl",
    "unsubscribed": "unsubscribed optout optedout hasoptedoutofemail emailoptout unsubscribedfromallemail donotemail"
    " unsubtime donotmail unsubscribetime abgemeldet",
    "bounced": "bounced isemailbounced hardbounced cleantime emailbounced",
    "seen_on": "seenon asof asofdate lastmodified lastmodifieddate lastchanged updatedat lastupdated modified"
    " modifieddate updated lastmodifiedon stand",
    "deleted": "isdeleted",
}
BY_KEY = {key: meaning for meaning, keys in KNOWN.items() for key in keys.split()}
PATTERNS = (
    (re.compile(r"e?mail\d+(value|address)?"), "address"),
    (re.compile(r"(work|business)e?mail(address)?\d+"), "work_address"),
    (re.compile(r"(home|personal)e?mail(address)?\d+"), "personal_address"),
    (re.compile(r"(work|home|business|mobile)?phone\d+(value|number)?"), "phone"),
    (re.compile(r"(website|webpage|url)\d*(value)?"), "link"),
    (re.compile(r"organi[sz]ation1name"), "organisation"),
    (re.compile(r"organi[sz]ation1title"), "title"),
    (re.compile(r"organi[sz]ation1department"), "department"),
    (re.compile(r"address1city"), "place"),
)
CAMEL = re.compile(r"[^\w#]|_")


def key_of(name: str) -> str:
    """A column's name as it is compared: "E-mail 1 - Value", "e_mail1Value" → "email1value"."""
    return CAMEL.sub("", name.casefold() if name.isascii() else plain(name))


def meaning_of(name: str) -> str:
    """What a column of this name means, or "" when the name is not known."""
    key = key_of(name)
    if found := BY_KEY.get(key):
        return found
    return next((meaning for pattern, meaning in PATTERNS if pattern.fullmatch(key)), "")
