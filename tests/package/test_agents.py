"""The server for agents: all of the registry, nothing signed or sent, strangers' words as data.

what there is
├── a tool for every act and every view of the registry, and for nothing else
├── takes the fields of its own act or view, but for files of this machine
├── views by address, templates, and prompts for a holder, a lead and a juror
└── is told in the language that the server speaks
the example of every act and every view is answered
├── acts with their unsigned calls, or with why not, and views with data and sentences
└── for which the node was asked, and told nothing
no tool can sign or send
├── the node is told nothing, whoever asks it
├── there are no keys and no salts to be reached
└── what keeps a secret is not worked out
strangers' texts
├── that give orders come out as data, wherever they stand, and cut where they are long
├── in sentences stand between brackets, which they cannot close
├── of a token that refuses, the same
└── in lists too long for an answer are counted
an explanation of a refusal, a call, a proposal and a dispute
a session: from what can be done now to a vote that is prepared
without the extra the command says what to install
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from dmo.capabilities import registry
from dmo.capabilities.agents import Mcp
from dmo.capabilities.documents import TITLE
from dmo.core import abi, act, kinds, words
from dmo.core.act import Act
from dmo.core.errors import BadInput, NetworkError
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT
from dmo.core.sender import KeySender
from dmo.core.view import Query
from dmo.faces import cli
from dmo.faces.agents import others, tools
from dmo.faces.agents.others import Bounds
from dmo.faces.agents.server import Agents
from tests.support.agents import NEEDLE, ORDERS, Heard, asked, longest, loose, serving, talk
from tests.support.cli_chain import filled
from tests.support.node import ADDRESSES, revert
from tests.support.village import LENGTH, ME

_LONG = 17_000


@pytest.fixture(scope="module")
def village() -> Heard:
    found = Heard()
    found.grow(40)
    found.speak()
    found.give_orders()
    return found


@pytest.fixture(scope="module")
def opened(village: Heard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agents]:
    with pytest.MonkeyPatch.context() as patch:
        yield serving(village, tmp_path_factory.mktemp("agents"), patch, ME)


@pytest.fixture
def agents(opened: Agents, village: Heard) -> Agents:
    village.refuses = None
    return opened


def text_of(content: Any) -> str:
    return str(content.text)


def test_all_of_the_registry_is_there(agents: Agents) -> None:
    listed = {one.name: one for one in talk(agents, lambda client: client.list_tools()).tools}
    machine = {name for name, one in registry().items() if issubclass(one, Query) and one.of_machine}
    acts = {name for name, one in registry().items() if issubclass(one, Act)}
    assert {tools.tool_name(name) for name in {*registry()} - machine} == {*listed}
    assert len(listed) == len(registry()) - len(machine)
    assert acts <= {one.name for one in tools.offered().values()}
    assert {"status", "round show", "explain dispute", "document get"} <= {one.name for one in tools.offered().values()}
    for name, tool in listed.items():
        assert re.fullmatch(r"[a-z0-9_-]{1,64}", name)
        known = tools.fields(tools.offered()[name])
        assert not {*known} & {tools.ACTING, tools.SKIP, tools.PUBLISH}
        assert {*known} == {*tool.input_schema["properties"]} - {tools.ACTING, tools.SKIP, tools.PUBLISH}
        assert {*tool.input_schema["required"]} <= {*known}
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


def test_what_is_of_this_machine_is_not_offered() -> None:
    for name, one in registry().items():
        writes = [key for key in one.parameters() if tools.is_of_machine(one.kind(key))]
        if issubclass(one, Query) and not one.of_machine:
            assert not {*writes} & {*one.required()}, f"{name} needs a file of this machine"
            assert all(one.parameters()[key].default in (None, "") for key in writes), f"{name} writes unasked"


def test_views_and_prompts_have_their_places(agents: Agents) -> None:
    async def look(client: Client) -> Any:
        listed = [str(one.uri) for one in (await client.list_resources()).resources]
        shapes = [one.uri_template for one in (await client.list_resource_templates()).resource_templates]
        read = [text_of((await client.read_resource(uri)).contents[0]) for uri in listed]
        idea = text_of((await client.read_resource("dmo://view/idea_show/1%2F1")).contents[0])
        prompts = (await client.list_prompts()).prompts
        met = [await client.get_prompt(one.name, {"account": ME}) for one in prompts]
        said = [text_of(one.messages[0].content) for one in met]
        with pytest.raises(MCPError):
            await client.read_resource("dmo://view/idea_post")
        with pytest.raises(MCPError):
            await client.call_tool("account_new", {})
        return listed, shapes, dict(zip(listed, read, strict=True)), idea, [one.name for one in prompts], said

    listed, shapes, read, idea, prompts, said = talk(agents, look)
    assert {"dmo://view/status", "dmo://view/idea_list", "dmo://template/idea"} <= {*listed}
    assert "dmo://view/idea_show/{idea}" in shapes
    refused = {uri for uri, text in read.items() if uri.startswith("dmo://view/") and not json.loads(text)["ok"]}
    assert refused <= {"dmo://view/book_show"}, "which compares code that a told chain has not"
    assert read["dmo://template/idea"].startswith("---\nkind: idea")
    assert json.loads(idea)["data"]["idea"]["number"] == 1
    assert prompts == ["holder", "lead", "juror"]
    named = {one for text in said for one in re.findall(r"`([a-z_]+)`", text)}
    assert named <= {*tools.offered()}, "a prompt names tools that there are"
    assert all(ME in text for text in said)


@pytest.mark.parametrize("language", words.languages()[1:])
def test_it_speaks_the_languages(agents: Agents, language: str) -> None:
    other = Agents(agents.site, ME, language)
    own, theirs = agents.tools(), other.tools()
    assert sum(one.description != two.description for one, two in zip(own, theirs, strict=True)) > len(own) // 2
    assert {*words.told(language)["agents"]["prompt"]} == {"holder", "lead", "juror"}
    assert asked(other, "status")["note"] != asked(agents, "status")["note"]


def given(name: str, line: str) -> dict[str, Any]:
    """What an example says, texts in the place of files, as a tool takes it."""
    short = words.load()["cli"]["short"]
    told = shlex.split(line)[1:]
    if line.startswith("dmo govern propose") and name != "govern propose":
        return act.given(registry()[name], shlex.split(told[-1])[len(name.split()) :])
    told = [*short.get(told[0], told[0]).split(), *told[1:]][len(name.split()) :]
    asked_, found = registry()[name], {}
    for key, value in cli.command(name).make_context(name, told).params.items():
        if key in tools.fields(asked_) and value not in (None, (), False):
            kind = asked_.kind(key)
            if kind.paper is not None:
                paper = "reason" if kind.paper in ("*", "text") else kind.paper
                value = filled(paper, "A title", ME) if paper else "{}"
                value = [value] if kind.is_many else value
            found[key] = list(value) if isinstance(value, tuple) else value
    return found


def test_every_example_is_answered(agents: Agents, village: Heard) -> None:
    lines = [
        (tool, one.name, line)
        for tool, one in tools.offered().items()
        for line in words.texts(words.command(one.name).get("example"))[:1] or [f"dmo {one.name}"]
    ]
    assert {tool for tool, _, _ in lines} == {*tools.offered()}
    village.methods.clear()

    calls = {tool: given(name, line) for tool, name, line in lines}

    async def call(client: Client) -> dict[str, Any]:
        return {tool: (await client.call_tool(tool, its)).structured_content for tool, its in calls.items()}

    answers = talk(agents, call)
    done = [tool for tool, told in answers.items() if told["ok"]]
    for tool, told in answers.items():
        is_act = issubclass(tools.offered()[tool], Act)
        if not told["ok"]:
            assert told["error"]["message"]
            assert told["error"]["code"] not in ("DmoError", "TypeError", "AttributeError", "KeyError"), (tool, told)
        elif is_act:
            assert told["sent"] is False
            assert told["calls"]
            for one in told["calls"]:
                assert {"to", "value", "data", "chain_id", "gas", "does"} <= {*one}
                assert one["data"].startswith("0x")
                assert one["chain_id"] == 31337
        else:
            assert isinstance(told["data"], dict)
        assert loose(told) == [], tool
        assert longest(told) <= _LONG, tool
    assert sum(issubclass(tools.offered()[one], Act) for one in done) >= 40, sorted({*answers} - {*done})
    assert sum(issubclass(tools.offered()[one], Query) for one in done) >= 25
    assert not [
        one for one in village.methods if re.search("send|sign|set|mine|increase|evm_|anvil_", one, re.IGNORECASE)
    ]


# ── no signing, no sending ──────────────────────────────────────────────────────────────────────


@pytest.mark.attack("agent-sends")
def test_nothing_is_sent(agents: Agents) -> None:
    from eth_account import Account

    chain = agents.site.moment.base.chain
    for method in ("eth_sendRawTransaction", "eth_sendTransaction", "eth_sign", "personal_sign", "evm_increaseTime"):
        with pytest.raises(BadInput, match=method):
            chain.transport.request(method, [])
        with pytest.raises(BadInput, match=method):
            chain.transport.batch([("eth_chainId", []), (method, [])])
    key = Account.from_key("0x" + "11" * 32)
    top_up = asked(agents, "campaign_top-up", campaign="1", amount="1")
    call = Act.registry["campaign top-up"](1, 10**6).steps(agents.principal(ME, None))[-1].call
    assert top_up["calls"][-1]["data"] == "0x" + call.data.hex()
    with pytest.raises(BadInput, match="eth_sendRawTransaction"):
        KeySender(chain, key).send(call)
    moved = asked(agents, "time", to="+3d")
    assert moved["ok"] is False


def test_no_key_and_no_salt_is_reached(agents: Agents) -> None:
    principal = agents.principal(ME, None)
    assert principal.names.keystores.addresses() == {}
    assert principal.salts.of(1, ME, 1) == []
    with pytest.raises(BadInput, match="no keystore"):
        principal.names.unlock()
    told = asked(agents, "dispute_commit", submission="1", ruling="pay")
    assert "secret" in told["error"]["message"]
    assert not any(one.name.startswith(("account", "keeper", "ballot sign")) for one in tools.offered().values())


# ── strangers' texts ────────────────────────────────────────────────────────────────────────────


@pytest.mark.attack("orders-in-documents")
def test_orders_in_documents_are_data(agents: Agents) -> None:
    for number in range(1, 5):
        told = asked(agents, "idea_show", idea=f"1/{number}")
        assert NEEDLE in json.dumps(told, ensure_ascii=False), "it is told, as data"
        assert loose(told) == []
        assert NEEDLE in told["data"]["idea"]["title"]["others_wrote"]
        assert told["data"]["document"]["body"].keys() == {"others_wrote"}
        assert "⟧" not in told["data"]["document"]["body"]["others_wrote"]
        assert NEEDLE in told["data"]["document"]["fields"]["others_wrote"], "odd names of fields are a text too"
    comments = asked(agents, "idea_show", idea="1/1")["data"]["comments"]
    assert len(comments) == 4
    assert all(one["text"].keys() == {"others_wrote"} for one in comments)
    mine = filled("idea", "Radio")
    like = asked(agents, "idea_like", file=mine)
    assert loose(like) == []
    posted = asked(agents, "document_publish", file=filled("reason", NEEDLE))
    assert posted["ok"], posted
    assert loose(posted) == []
    edit = asked(agents, "campaign_lead", campaign="1", lead=f"dmo {NEEDLE}")
    assert loose(edit) == []


def test_commands_are_ours_where_a_view_says_so() -> None:
    shape = Query.registry["due"].gives
    row = {"kind": "x", "until": 1, "due": True, "text": "Pay 2", "acts": ["work pay"]}
    for command, is_ours in (("dmo ballot cast 1 +2", True), (f"dmo {NEEDLE}; 'x'", False), ("x" * 500, False)):
        told = others.data(shape, {"count": 1, "items": [{**row, "command": command}]}, Bounds())
        assert (told["items"][0]["command"] == command) is is_ours


def test_orders_in_sentences_stand_between_brackets(agents: Agents) -> None:
    principal = agents.principal(ME, None)
    for order in ORDERS:
        values = {"title": TITLE(order), "said": TEXT(order), "who": ACCOUNT(ME), "sum": NUMBER(7)}
        told = words.fill("{title} and {said} by {who}: {sum}", kinds.looking(principal, values))
        assert loose(told) == []
        assert told.count("⟦") == told.count("⟧") == 2
        assert told.endswith(f"by {ME}: 7")
    proposal = asked(agents, "explain_proposal", proposal="1")
    assert proposal["said"]["heading"].startswith("1. ⟦")


@pytest.mark.attack("orders-in-refusals")
def test_a_refusal_speaks_for_itself(agents: Agents, village: Heard) -> None:
    reason = f"dmo credit withdraw. {NEEDLE}"
    data = bytes.fromhex("08c379a0") + abi.encode_call("DocumentLog", "publish", [reason.encode()])[4:]
    village.refuses = revert("CampaignEscrowNotLead", ME, ME, contract="CampaignEscrow")
    own = asked(agents, "work_accept", submission="1", unseen=True)
    assert own["error"]["code"] == "CampaignEscrowNotLead"
    assert own["error"]["hint"]
    village.refuses.data = data
    told = asked(agents, "work_accept", submission="1", unseen=True)
    assert told["error"]["code"] == "Error"
    assert NEEDLE in told["error"]["message"]
    assert loose(told) == []
    explained = asked(agents, "explain_refusal", error="0x" + data.hex())
    assert NEEDLE in explained["data"]["says"]["others_wrote"]
    assert loose(explained) == []


def test_what_is_left_out_is_counted() -> None:
    shape = Query.registry["idea list"].gives
    rows = [{"number": place, "title": "t" * 5_000} for place in range(250)]
    told = others.data(shape, {"round": 1, "ideas": rows}, Bounds(skip=100))
    assert [one["number"] for one in told["ideas"]] == [*range(100, 200)]
    assert told["left_out"] == {"ideas": 150}
    assert told["ideas"][0]["title"] == {"others_wrote": "t" * 2_000, "left_out": 3_000}


@pytest.mark.parametrize(
    ("value", "is_marked"),
    [
        ("0x" + "ab" * 40, False),
        ("-12.5", False),
        ("settled", False),
        ("two words", True),
        ("\u202egnp.exe", True),
        ({"a b": "c"}, True),
        ({"command": "dmo credit withdraw 0x12"}, True),
        ({"title": "dmo credit withdraw 0x12"}, True),
    ],
)
def test_what_is_more_than_a_word_is_marked(value: Any, *, is_marked: bool) -> None:
    told = others.anything(value)
    assert ("others_wrote" in json.dumps(told)) is is_marked
    assert "\u202e" not in json.dumps(told, ensure_ascii=False)


# ── explained, and a session ────────────────────────────────────────────────────────────────────


def test_what_is_opaque_is_explained(agents: Agents) -> None:
    call = abi.encode_call("CampaignEscrow", "topUp", [1, 12_500_000])
    told = asked(agents, "explain_call", to=ADDRESSES["CampaignEscrow"], data="0x" + call.hex())["data"]
    assert (told["contract"], told["function"]) == ("CampaignEscrow", "topUp")
    assert told["says"]["others_wrote"] == "Give 12.5 PLAY to campaign 1"
    assert [one["value"] for one in told["arguments"]] == ["1", "12500000"]
    hidden = asked(agents, "explain_call", to=ADDRESSES["CampaignEscrow"], data="0x" + call.hex() + "00" * 32)["data"]
    assert hidden["contract"] == ""
    wrong = asked(agents, "explain_call", to=ADDRESSES["CampaignEscrow"], data="0xzz")
    assert wrong["error"]["code"] == "BadInput"
    named = asked(agents, "explain_refusal", error="IdeaBoardUnknownIdea", values=["round=3", "number=9"])["data"]
    assert named["says"]["others_wrote"] == "Round 3 has no idea 9."
    assert asked(agents, "explain_refusal", error="NoSuchError")["ok"] is False
    proposal = asked(agents, "explain_proposal", proposal="1")["data"]
    assert proposal["text"].keys() == {"others_wrote"}
    assert {*proposal["calls"][0]} >= {"to", "value", "data", "says", "contract", "function", "arguments"}


def test_from_what_can_be_done_now_to_a_prepared_vote(agents: Agents, village: Heard) -> None:
    now = village.blocks[-1]["at"]
    village.views["frame"] = (now - LENGTH - 10, LENGTH, 10, 5, 5)

    async def session(client: Client) -> Any:
        async def ask(tool: str, **more: Any) -> Any:
            return (await client.call_tool(tool, more)).structured_content

        await client.get_prompt("holder", {"account": ME})
        status = await ask("status")
        commands = [one["command"] for one in status["data"]["items"]]
        shown = await ask("round_show")
        listed = await ask("idea_list", round="1")
        idea = await ask("idea_show", idea=f"1/{listed['data']['ideas'][0]['number']}")
        vote = await ask("ballot_cast", choices=["1", "+1", "-2"])
        return commands, shown, idea, vote

    try:
        agents.site.look()
        agents.site._moment = None
        commands, shown, idea, vote = talk(agents, session)
    finally:
        village.views["frame"] = (1_000, LENGTH, 10, 5, 5)
        agents.site._moment = None
    assert "dmo round show 1" in commands, "there is a vote"
    assert shown["data"]["phase"] == "voting"
    assert idea["data"]["idea"]["ask"]
    assert vote["ok"], vote
    (call,) = vote["calls"]
    function, told = abi.decode_call("IdeaBoard", bytes.fromhex(call["data"][2:]))
    assert (function, told) == ("castBallot", {"round": 1, "inFavour": [1], "against": [2]})
    assert call["to"] == agents.site.home.dmo.address("IdeaBoard")
    assert vote["typed"]["message"]["voter"] == ME, "or signed, for somebody else to send"
    assert vote["sent"] is False


def test_without_the_extra_it_says_what_to_install(agents: Agents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "dmo.faces.agents.server")
    monkeypatch.setitem(sys.modules, "mcp", None)
    for name in [one for one in sys.modules if one.startswith("mcp.")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NetworkError, match="mcp") as caught:
        Mcp().answer(agents.site.home)
    assert "dmo-protocol[mcp]" in caught.value.hint
