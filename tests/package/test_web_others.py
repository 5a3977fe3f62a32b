"""Accounts whose owners send elsewhere, such as a Safe's.

a preview without a wallet
├── is a file for the Safe's Transaction Builder, as --safe writes it, where that is pressed
└── carries what it says, so that the guard compares it before anybody takes it elsewhere
an act that others send
├── has happened once an event of it says the same as its call, and names the account if anybody
├── waits while another's, an earlier one or one that says something else is there
└── of which no event tells anything is unknown; what is no call of it is refused
"""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dmo.core import abi
from dmo.core.calls import make_call
from dmo.home.safes import checksum_of
from tests.support.chronicle import account
from tests.support.village import ME, Village
from tests.support.web import Served


@pytest.fixture
def village() -> Village:
    found = Village()
    found.grow(20)
    return found


@pytest.fixture
def served(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    return Served(village, tmp_path, monkeypatch)


def test_a_preview_is_a_batch_where_that_is_pressed(served: Served) -> None:
    fields = {"amount": "5", "_from": ME}
    told = served.preview("campaign deposit", fields)
    answer = served.client.post("/act/campaign/deposit", data={**fields, "_safe": "yes"})
    assert answer.headers["content-disposition"] == 'attachment; filename="campaign-deposit.json"'
    batch = answer.json()
    checksum = batch["meta"].pop("checksum")
    assert checksum_of(batch) == checksum
    assert batch["meta"]["createdFromSafeAddress"] == ME
    assert [(one["to"], one["data"]) for one in batch["transactions"]] == [(s["to"], s["data"]) for s in told["steps"]]
    html = served.client.post("/act/campaign/deposit", data=fields).text
    assert 'name="_safe"' in html
    (answered,) = re.findall(r'data-answered="([^"]*)"', html)
    assert json.loads(unescape(answered))["steps"] == told["steps"]
    assert 'name="_safe"' not in served.client.post("/act/campaign/deposit", data={"amount": "5"}).text
    refused = served.client.post("/act/campaign/deposit", data={**fields, "amount": "x", "_safe": "yes"})
    assert refused.headers["content-type"].startswith("text/html")


def awaited(served: Served, name: str, function: str, *arguments: Any, **more: Any) -> Any:
    contract, _, called = function.partition(".")
    call = make_call(contract, served.home.dmo.address(contract), called, list(arguments), "")
    since = served.site.moment.head.number
    told = {"act": name, "account": ME, "since": since, "to": call.to, "data": "0x" + call.data.hex(), **more}

    def state() -> Any:
        served.site.look()
        return served.client.post("/happened", json=told).json()

    return state


def test_what_others_send_is_seen_by_what_it_says(served: Served, village: Village) -> None:
    state = awaited(served, "work accept", "CampaignEscrow.acceptWork", 3, bytes(32))
    accepted: dict[str, Any] = {field.name: 0 for field in abi.entry("CampaignEscrow", "WorkAccepted", "event").inputs}
    accepted |= {"lead": ME, "evidence": bytes(32)}
    assert state()["state"] == "waiting"
    village.block([("CampaignEscrow", "WorkAccepted", {**accepted, "submission": 4})])
    assert state()["state"] == "waiting", "it is another's"
    village.block([("CampaignEscrow", "WorkAccepted", {**accepted, "submission": 3})])
    found = state()
    assert found["tx"] == village.blocks[-1]["logs"][0]["transactionHash"]
    late = awaited(served, "work accept", "CampaignEscrow.acceptWork", 3, bytes(32))
    assert late()["state"] == "waiting", "that was before"


def test_what_says_nothing_of_its_call_names_the_account(served: Served, village: Village) -> None:
    state = awaited(served, "credit withdraw", "CampaignEscrow.withdrawCredit", account(5))
    for who, expected in ((account(6), False), (ME, True)):
        told: dict[str, Any] = {
            field.name: 0 for field in abi.entry("CampaignEscrow", "CreditWithdrawn", "event").inputs
        }
        told |= {"payee": who} if "payee" in told else {"account": who}
        village.block([("CampaignEscrow", "CreditWithdrawn", {**told, "to": account(5)})])
        assert ("tx" in state()) is expected


def test_what_nothing_tells_of_is_unknown(served: Served) -> None:
    post = served.client.post
    call = {"account": ME, "since": 1, "to": served.home.dmo.address("CampaignEscrow"), "data": "0x12345678"}
    for odd in ({"act": "no act"}, {"act": "work accept"}, {"act": "work accept", "to": account(5)}, {}):
        assert not post("/happened", json={**call, **odd}).json()["ok"]
    assert not post("/happened", content=b"nonsense").json()["ok"]
