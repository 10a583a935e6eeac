"""The usual exports of CRMs, known by their headers: what they are in the contract.

The names of fields are those of the vendors' public documentation: Salesforce's Field Reference (API names,
as the Data Export service and Data Loader write them), HubSpot's lists of default properties (labels, as
exports write them), Pipedrive's fields (`Deal - Title`) and SleekFlow's Platform API.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.sheets import Sheet

__all__ = ["Known", "known_export"]

_RECORD = "the day on which the record was made, not that of the first purchase"
_LOGIN = "the day on which the login was made, not that of hiring"


@dataclass(frozen=True)
class Known:
    """An export: whose, of what, the table it is, the headers that mark it, and its columns.

    `asks` are columns that the export cannot know, with what to ask. A table of "" is none: `why` says so.
    """

    vendor: str
    what: str
    table: str
    marks: tuple[str, ...]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)
    why: str = ""
    entity: str = ""


def _known(vendor: str, what: str, table: str, marks: str, columns: str = "", **more: object) -> Known:
    pairs = [one.partition(":")[::2] for one in columns.split(";") if one.strip()]
    found = {name.strip(): tuple(squash(one) for one in headers.split(",")) for name, headers in pairs}
    return Known(vendor, what, table, tuple(squash(one) for one in marks.split(",")), found, **more)


_EXPORTS = (
    _known(
        "Salesforce",
        "opportunities",
        "deals",
        "Id, StageName, CloseDate, IsWon, OwnerId",
        """deal_id: Id; stage: StageName; outcome: StageName; created_on: CreatedDate; closed_on:
            CloseDate; expected_close_on: CloseDate; amount: Amount; rep_id: OwnerId; customer_id:
            AccountId; channel: LeadSource""",
    ),
    _known(
        "Salesforce",
        "stage history",
        "deal_stages",
        "OpportunityId, StageName, CreatedDate, ForecastCategory",
        "deal_id: OpportunityId; stage: StageName; entered_on: CreatedDate",
    ),
    _known(
        "Salesforce",
        "opportunity products",
        "",
        "OpportunityId, UnitPrice, TotalPrice, PricebookEntryId",
        why="lines of opportunities, won or not: kpikit's orders are sales",
    ),
    _known(
        "Salesforce",
        "accounts",
        "customers",
        "Id, Name, Industry, BillingCountry, OwnerId",
        """customer_id: Id; name: Name; segment: Industry; region: BillingState, BillingCountry; channel:
            AccountSource""",
        asks={"acquired_on": f"CreatedDate is {_RECORD}"},
        entity="customers",
    ),
    _known(
        "Salesforce",
        "contacts",
        "customers",
        "Id, AccountId, FirstName, LastName, Email",
        "customer_id: Id; region: MailingState, MailingCountry; channel: LeadSource",
        asks={"acquired_on": f"CreatedDate is {_RECORD}"},
        entity="contacts",
    ),
    _known(
        "Salesforce",
        "users",
        "reps",
        "Id, Username, UserRoleId, ProfileId",
        """rep_id: Id; name: Name; team: Department, Division; manager: ManagerId; role: Title,
            UserRoleId; region: Country, City""",
        asks={"hired_on": f"CreatedDate is {_LOGIN}"},
    ),
    _known(
        "Salesforce",
        "order products",
        "orders",
        "OrderId, UnitPrice, TotalPrice, Quantity, PricebookEntryId",
        "order_id: OrderId; line_id: Id; amount: TotalPrice; quantity: Quantity; product: Product2Id",
    ),
    _known(
        "Salesforce",
        "orders",
        "",
        "Id, EffectiveDate, AccountId, OrderNumber",
        entity="orders",
        why="the heads of orders",
    ),
    _known(
        "Salesforce",
        "products",
        "",
        "Id, ProductCode, Family, Name",
        entity="product",
        why="the list of products",
    ),
    _known(
        "Salesforce",
        "tasks",
        "",
        "WhoId, WhatId, Subject, OwnerId",
        why="to-dos among calls and mails: keep those of one TaskSubtype to use them as conversations",
    ),
    _known(
        "HubSpot",
        "deals",
        "deals",
        "Record ID, Deal Stage, Deal owner",
        """deal_id: Record ID; stage: Deal Stage; outcome: Deal Stage; created_on: Create Date; closed_on:
            Close Date; expected_close_on: Close Date; amount: Amount, Amount in company currency; rep_id:
            Deal owner; customer_id: Associated Company IDs (Primary), Associated Company IDs; channel:
            Original Traffic Source, Original Source Type""",
    ),
    _known(
        "HubSpot",
        "companies",
        "customers",
        "Record ID, Company name, Lifecycle Stage",
        """customer_id: Record ID; name: Company name; segment: Industry; region: Country/Region,
            State/Region, City; channel: Original Traffic Source, Original Source Type; acquired_on:
            Became a Customer Date""",
        asks={"acquired_on": f"Create Date is {_RECORD}"},
        entity="customers",
    ),
    _known(
        "HubSpot",
        "contacts",
        "customers",
        "Record ID, First Name, Last Name, Contact owner",
        "customer_id: Record ID; region: Country/Region, State/Region; acquired_on: Became a Customer Date",
        asks={"acquired_on": f"Create Date is {_RECORD}"},
        entity="contacts",
    ),
    _known(
        "HubSpot",
        "owners",
        "reps",
        "id, firstName, lastName, userId, archived",
        "rep_id: id; team: teams",
        asks={"hired_on": f"createdAt is {_LOGIN}"},
    ),
    _known(
        "HubSpot",
        "line items",
        "",
        "Record ID, SKU, Quantity, Unit price, Net price",
        why="lines of deals, won or not: kpikit's orders are sales",
    ),
    _known(
        "HubSpot",
        "tickets",
        "conversations",
        "Ticket ID, Ticket status, Create date",
        """conversation_id: Ticket ID; started_at: Create date; channel: Source; rep_id: Ticket owner;
            customer_id: Associated Company IDs (Primary), Associated Contact IDs; first_reply_at: First
            agent email response date; closed_at: Close date""",
    ),
    _known(
        "Pipedrive",
        "deals",
        "deals",
        "Deal - Title, Deal - Stage, Deal - Status",
        """deal_id: Deal - ID; stage: Deal - Stage; outcome: Deal - Status; created_on: Deal - Deal
            created; closed_on: Deal - Deal closed on; expected_close_on: Deal - Expected close date;
            amount: Deal - Value; rep_id: Deal - Owner; customer_id: Deal - Organization; channel: Deal -
            Source channel""",
    ),
    _known(
        "Pipedrive",
        "organizations",
        "customers",
        "Organization - Name, Organization - Owner",
        """customer_id: Organization - ID; name: Organization - Name; segment: Organization - Industry;
            region: Organization - Country of Address""",
        asks={"acquired_on": f"Organization created is {_RECORD}"},
        entity="customers",
    ),
    _known(
        "Pipedrive",
        "people",
        "customers",
        "Person - Name, Person - Owner",
        "customer_id: Person - ID; name: Person - Name",
        asks={"acquired_on": f"Person created is {_RECORD}"},
        entity="contacts",
    ),
    _known(
        "Pipedrive",
        "users",
        "reps",
        "id, name, active_flag, role_id",
        "rep_id: id; name: name; role: role_id",
        asks={"hired_on": f"created is {_LOGIN}"},
    ),
    _known(
        "Pipedrive",
        "products",
        "",
        "Product - Name, Product - Product code",
        entity="product",
        why="the list of products",
    ),
    _known(
        "Pipedrive",
        "activities",
        "",
        "Activity - Subject, Activity - Type",
        why="planned calls, meals and tasks: keep those of one type to use them as conversations",
    ),
    _known(
        "SleekFlow",
        "contacts",
        "customers",
        "id, firstName, lastName, phoneNumber",
        "customer_id: id; region: Country",
        asks={"acquired_on": f"createdAt is {_RECORD}", "segment": "is the lead stage the segment?"},
        entity="contacts",
    ),
    _known(
        "SleekFlow",
        "conversations",
        "conversations",
        "id, contactId, channel, assignedTo",
        """conversation_id: id; started_at: createdAt; channel: channel; rep_id: assignedTo; customer_id:
            contactId; first_reply_at: firstResponseAt""",
        asks={
            "started_at": "no column says when a conversation began (updatedAt is its last change)",
            "closed_at": "updatedAt is the last change of any kind",
        },
    ),
    _known(
        "SleekFlow",
        "messages",
        "",
        "id, conversationId, direction, messageType",
        why="single messages, not conversations",
    ),
    _known(
        "SleekFlow",
        "staff",
        "reps",
        "id, name, role, teamIds",
        "rep_id: id; name: name; role: role; team: teamIds",
    ),
    _known("SleekFlow", "teams", "", "id, name, memberCount", entity="team", why="the list of teams"),
    _known(
        "SleekFlow",
        "companies",
        "customers",
        "id, name, domain",
        "customer_id: id; name: name",
        entity="customers",
    ),
)


def known_export(sheet: Sheet) -> Known | None:
    """Give the export whose marks stand in a file; of several, the one with the most marks.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.data.drafting.exports import known_export
    >>> from kpikit.data.drafting.sheets import sheet_of
    >>> from kpikit.data.drafting.starts import Start
    >>> headers = ["deal_-_title", "DEAL - STAGE", "Deal - Status"]
    >>> known = known_export(sheet_of("a.csv", Start(Path("a.csv"), {one: ["x"] for one in headers})))
    >>> known.vendor, known.table
    ('Pipedrive', 'deals')
    """
    fits = [one for one in _EXPORTS if all(mark in sheet.squashed for mark in one.marks)]
    return max(fits, key=lambda one: len(one.marks), default=None)
