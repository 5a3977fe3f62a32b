"""What commands and pages tell of brand, plan, claims, assets, and of needs: events told, views from a table.

content
├── the brand in the language spoken, its pillars; nothing where there is none
├── claims and assets that hold; those of everybody where they are asked for
├── assets of accounts without points and power are not shown; its files, origins, derivatives; terms unlike its licence
├── lessons by channel, audience and objective; what they rest on, and which ideas built on them
├── the plan as a tree: what was asked, given, paid, is left and learnt counts upwards; tactics nobody works on
└── lint and likeness against what the registry holds
needs
├── the list by conviction, with answers, dates, backers, and the ideas that serve them
└── a need is shown by number and by digest; one that does not count is not
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dmo.capabilities.content import KINDS, AddAsset
from dmo.capabilities.heard import ListNeeds, ShowNeed
from dmo.capabilities.ideas import PostIdea
from dmo.capabilities.judged import LikeIdea, LintIdea
from dmo.capabilities.kits import CheckKit, MakeKit
from dmo.capabilities.learnt import ListLessons
from dmo.capabilities.needing import ANSWER
from dmo.capabilities.voice import ListAssets, ListClaims, ShowAsset, ShowBrand, ShowPlan, brandbook
from dmo.core import words
from dmo.core.errors import NotFound, Refused
from dmo.home.documents import Document, parse
from dmo.home.home import Home
from tests.package.test_lint import idea
from tests.support.home import Told, at_home
from tests.support.node import ADDRESSES, ALICE, BOB, Node
from tests.support.voice import AT, CLAIM, DISCLOSURE, LOGO, asset, lamp, paper, piece

BOOK = lamp()
CAROL = "0x" + "c0" * 20
WEEK = 604_800
ORIGIN = AT - 10 * WEEK
NOW = AT + 10


def published(one: Document) -> Told:
    return "DocumentLog.DocumentPublished", {"publisher": ALICE, "digest": one.digest, "text": one.raw}


def content() -> list[Told]:
    """The registry's log, and all texts."""
    found = [published(one) for one in BOOK.papers.values()]
    for number, one in BOOK.entries.items():
        entry = {"entry": number, "kind": KINDS.index(one.kind), "parent": one.parent, "author": ALICE}
        found.append(("ContentRegistry.EntryAdded", {**entry, "until": one.until, "digest": one.paper}))
        found += [] if one.is_live else [("ContentRegistry.EntryRetired", {"entry": number, "by": ALICE})]
    for number, its in BOOK.assets.items():
        author = ALICE if number == 2 else CAROL
        told = {"asset": number, "parent": its.parent, "author": author, "terms": its.terms, "until": its.until}
        found.append(("ContentRegistry.AssetAdded", {**told, "digest": its.paper}))
        endorsed = {"asset": number, "by": ALICE, "isEndorsed": True}
        found += [("ContentRegistry.AssetEndorsed", endorsed)] if its.is_endorsed else []
        found += [] if its.is_live else [("ContentRegistry.AssetRetired", {"asset": number})]
    return found


def posted(one: Document, round_number: int, number: int, ask: int = 900) -> list[Told]:
    told = {"round": round_number, "number": number, "author": ALICE, "digest": one.digest, "ask": ask, "lead": BOB}
    more = {
        "durationSeconds": WEEK,
        "feeBps": 500,
        "buildsOnRound": 0,
        "buildsOnNumber": 0,
        "replaces": 0,
        "version": 1,
    }
    return [published(one), ("IdeaBoard.IdeaPosted", {**told, **more})]


def funded(campaign: int, round_number: int, number: int, ends_at: int, ask: int = 900) -> list[Told]:
    named = {"campaign": campaign, "round": round_number, "number": number}
    more = {"lead": BOB, "ask": ask, "feeBps": 500, "endsAt": ends_at, "termsId": 1}
    return [("IdeaBoard.IdeaFunded", named), ("CampaignEscrow.CampaignFunded", {**named, **more})]


class Stage:
    """A home that was told some events; powers by account."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.power = {ALICE: 600, BOB: 90}

    def __call__(self, told: Sequence[Told], times: Sequence[int] = ()) -> Home:
        node = Node()
        node.now = NOW
        node.view("IdeaBoard", "frame", lambda: (ORIGIN, WEEK, 10, 1, 1))
        node.view("IdeaBoard", "postingThreshold", lambda its: 50)
        node.view("IdeaBoard", "postingPower", self._power)
        node.view("Reputation", "getVotes", lambda who: 0)
        for token in ("HolderToken", "BudgetToken"):
            node.view("ERC20", "symbol", lambda: "TOK", ADDRESSES[token])
            node.view("ERC20", "decimals", lambda: 0, ADDRESSES[token])
        rows = {
            (one["round"], one["number"]): (
                one["number"],
                (one["digest"], ALICE, one["ask"], BOB, WEEK, 500, 0, 0),
                (9, 1, 1, False, True),
            )
            for name, one in told
            if name.endswith("IdeaPosted")
        }
        node.view("Lens", "ideas", lambda its, *_: ([row for (r, _), row in rows.items() if r == its], 0))
        home = at_home(self.folder, self.patch, node, told)
        moved = dict(enumerate(times))
        events = home.snapshot._events or []
        home.snapshot._events = [
            (contract, type(one)(**{**vars(one), "at": moved.get(place, one.at)}))
            for place, (contract, one) in enumerate(events)
        ]
        return home

    def _power(self, who: str, its: int) -> int:
        return {one.lower(): power for one, power in self.power.items()}.get(who.lower(), 0)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


# ── content ─────────────────────────────────────────────────────────────────────────────────────


def test_the_brand_in_the_language_spoken(stage: Stage) -> None:
    home = stage(content())
    assert brandbook(home).text() == type(BOOK)("test", NOW, BOOK.entries, BOOK.assets).text()
    found = ShowBrand().answer(home)
    assert (found["title"], found["disclosure"], found["entry"]) == ("Lamp", DISCLOSURE["en"], 1)
    assert [(one["entry"], one["title"]) for one in found["pillars"]] == [(2, "Warm")]
    with words.speaking("zh"):
        assert ShowBrand().answer(home)["disclosure"] == DISCLOSURE["zh-Hans"]
        assert ShowBrand().answer(home)["pillars"][0]["title"] == "温暖"
        assert ListClaims().answer(home)["claims"][0]["says"] == CLAIM["zh-Hans"]
    assert ShowBrand().view(home).heading == "Lamp"
    empty = ShowBrand().view(stage([]))
    assert "dmo document new brand" in " ".join(empty.texts)


def test_claims_and_assets_that_hold(stage: Stage) -> None:
    home = stage(content())
    assert [one["entry"] for one in ListClaims().answer(home)["claims"]] == [10, 13]
    every = ListClaims(everything=True).answer(home)["claims"]
    assert [(one["entry"], one["state"]) for one in every][1:3] == [(11, "retired"), (12, "expired")]
    found = ListAssets().answer(home)
    assert [one["asset"] for one in found["official"]] == [1, 9]
    assert [one["asset"] for one in found["others"]] == [2], "Carol holds nothing"
    assert found["hidden"] == 4
    assert "4 more, from accounts without points" in " ".join(ListAssets().view(home).texts)
    every_asset = ListAssets(everything=True).answer(home)["others"]
    assert [one["asset"] for one in every_asset] == [2, 3, 4, 5, 6, 7, 8]
    assert ListAssets().view(home).tables[0].rows[0][1] == "Logo"


def test_who_adds_an_asset_is_told_where_licence_and_terms_differ(stage: Stage) -> None:
    home, its = stage([]), asset("Poster", "CC-BY-4.0", piece("poster.png", b"p", "image/png", "a lamp on a wall"))
    (said,) = AddAsset(its, terms=2).remarks(home)
    assert "CC-BY-4.0, comes to other terms: commercial use, attribution" in said
    assert AddAsset(its, terms=7 | 16).remarks(home) == []


def test_an_asset_with_origins_and_derivatives(stage: Stage) -> None:
    more = asset("Poster", "CC-BY-SA-4.0", piece("poster.png", b"p", "image/png", "a lamp on a wall"))
    told = {"asset": 10, "parent": 1, "author": BOB, "terms": 15, "until": 0, "digest": more.digest}
    home = stage([*content(), published(more), ("ContentRegistry.AssetAdded", told)])
    found = ShowAsset(10).answer(home)
    assert [one["asset"] for one in found["origins"]] == [1]
    assert found["files"][0]["alt"] == "a lamp on a wall"
    assert [one["asset"] for one in ShowAsset(1).answer(home)["derived"]] == [10]
    assert "poster.png" in ShowAsset(10).view(home).tables[0].rows[0]
    with pytest.raises(Refused):
        ShowAsset(99).answer(home)


def test_the_plan_is_a_tree_of_work(stage: Stage) -> None:
    lesson = paper("lesson", "Learnt", "result: 130 came\nvalue: 130\nrepeat: nights\navoid: noon\n")
    one, two, three = (parse(idea(number=number).encode()) for number in (1, 2, 3))
    told = [*content(), *posted(one, 1, 1), *posted(two, 1, 2, 700), *posted(three, 9, 1)]
    told += [*funded(1, 1, 1, NOW - 5), *funded(2, 1, 2, NOW + 5, 700), published(lesson)]
    told += [("CampaignEscrow.LessonsFiled", {"campaign": 1, "submission": 1, "lead": BOB, "lessons": lesson.digest})]
    told.append(("CampaignEscrow.CampaignToppedUp", {"campaign": 2, "from": ALICE, "amount": 100}))
    for campaign, submission, amount, name in ((1, 1, 40, "PayeePaid"), (2, 0, 50, "PayeeCredited")):
        paid = {"campaign": campaign, "submission": submission, "payee": BOB, "amount": amount}
        told.append((f"CampaignEscrow.{name}", paid))
    home = stage(told)
    found = ShowPlan().answer(home)
    assert [(row["place"], row["entry"]) for row in found["nodes"]] == [
        ("1", 4),
        ("1.1", 5),
        ("1.1.1", 6),
        ("1.1.1.1", 7),
    ]
    for row in found["nodes"]:
        assert (row["ideas"], row["funded"], row["running"], row["lessons"]) == (3, 2, 1, 1)
        assert (row["asked"], row["money"], row["paid"], row["left"]) == (2_500, 1_700, 90, 1_610)
    assert [(its["campaign"], its["entry"], its["repeat"], its["way"]) for its in found["learned"]] == [
        (1, 7, "nights", 0.5)
    ]
    assert found["idle"] == []
    shown = ShowPlan().view(home)
    assert "0 → 100 readers, 2027-06-30" in " ".join(shown.tables[0].rows[1])
    idle = ShowPlan().answer(stage([*content(), *posted(one, 1, 1)]))
    assert [row["entry"] for row in idle["idle"]] == [7]
    assert [row["entry"] for row in ShowPlan(everything=True).answer(home)["nodes"]][-3:] == [7, 8, 9]
    assert "dmo plan add objective" in " ".join(ShowPlan().view(stage([])).texts)


def test_lessons_travel(stage: Stage) -> None:
    def lesson(number: int, value: int, *cites: Document) -> Document:
        said = f"result: {value} came\nvalue: {value}\nrepeat: nights {number}\navoid: noon {number}\n"
        return paper("lesson", f"Learnt {number}", said + f"cites: [{', '.join(one.cid for one in cites)}]\n")

    first, second, third = (parse(idea(number=number).encode()) for number in (1, 2, 3))
    second = parse(second.raw.replace(b"tactic: 7\n", b"").replace(b"audience: [user]", b"audience: [user, partner]"))
    one = lesson(1, 250)
    two = lesson(2, 1, one)
    told = [*content(), *posted(first, 1, 1), *posted(second, 1, 2), *posted(third, 9, 1)]
    told[-1][1].update(buildsOnRound=1, buildsOnNumber=2)
    told += [*funded(1, 1, 1, NOW - 5), *funded(2, 1, 2, NOW - 5), published(one), published(two)]
    for campaign, its in enumerate((one, two), 1):
        filed = {"campaign": campaign, "submission": campaign, "lead": BOB, "lessons": its.digest}
        told.append(("CampaignEscrow.LessonsFiled", filed))
    home = stage(told)
    found = ListLessons().answer(home)
    rows = [
        [row[key] for key in ("campaign", "channel", "rests_on", "cited_by", "built_on_by")] for row in found["lessons"]
    ]
    assert rows == [[1, "video", [], [2], [(9, 1)]], [2, None, [1], [], [(9, 1)]]]
    groups = {(one["by"], one["value"]): one for one in found["groups"]}
    assert {key: (its["lessons"], its["reached"]) for key, its in groups.items() if key[0] != "objective"} == {
        ("channel", "video"): (1, 1),
        ("audience", "user"): (2, 1),
        ("audience", "partner"): (1, 0),
    }
    assert groups["audience", "user"]["avoid"] == "noon 1 / noon 2"
    assert [its["campaign"] for its in ListLessons(audience="Partner").answer(home)["lessons"]] == [2]
    assert [its["campaign"] for its in ListLessons(channel="VIDEO", audience="user").answer(home)["lessons"]] == [1]
    assert ListLessons(channel="radio").answer(home) == {"groups": [], "lessons": []}
    assert "noon 1 / noon 2" in " ".join(map(str, ListLessons().view(home).tables[0].rows))


def test_an_idea_is_judged_against_the_registry(stage: Stage) -> None:
    good, bad = parse(idea().encode()), parse(idea().replace("tactic: 7", "tactic: 8").encode())
    home = stage([*content(), *posted(good, 1, 1)])
    assert LintIdea(good).answer(home)["faults"] == []
    found = LintIdea(bad).answer(home)
    assert [(one["said"], one["fault"]) for one in found["faults"]] == [("retired", "number 8 is retired.")]
    assert LintIdea(bad).view(home).code == 1
    with words.speaking("es"):
        assert "retirado" in LintIdea(bad).answer(home)["faults"][0]["fault"]
    like = LikeIdea(bad).answer(home)["ideas"]
    assert [(one["idea"], one["state"]) for one in like] == [((1, 1), "lapsed")]
    assert like[0]["like"] > 0.9
    assert "1/1" in LikeIdea(bad).view(home).tables[0].rows[0]
    assert LikeIdea(bad).answer(stage([]))["ideas"] == []


def test_who_posts_an_idea_is_told_the_same(stage: Stage) -> None:
    good, bad = parse(idea().encode()), parse(idea().replace("tactic: 7", "tactic: 8").encode())
    act = PostIdea(bad, ask=900, duration_seconds=WEEK)
    assert act.remarks(stage([*content(), *posted(good, 1, 1)])) == [
        "tactic: number 8 is retired.",
        "Much like idea 1/1, “A short film every week”: passed, never settled.",
    ]
    assert act.remarks(stage(posted(good, 1, 1))) == [], "where nothing is planned nothing is wrong"


def test_a_kit_of_what_the_registry_holds(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "of").mkdir()
    (tmp_path / "of" / "logo").write_bytes(LOGO)
    (tmp_path / "of" / "seal").write_bytes(b"s")
    found = MakeKit(str(tmp_path / "kit"), files=str(tmp_path / "of")).answer(stage(content()))
    assert found["sha256"] == CheckKit(str(tmp_path / "kit")).answer(stage([]))["sha256"]
    assert (found["texts"], found["assets"]) == (15, 2)


# ── needs ───────────────────────────────────────────────────────────────────────────────────────


def need(title: str) -> Document:
    return paper("need", title, "audience: [user]\nmissing: light\nmet_when: it is light\n")


ONE, TWO, SPAM = need("A dimmer"), need("A switch"), need("Buy now")


def needs_log() -> tuple[list[Told], list[int]]:
    start = ORIGIN + 2 * WEEK
    backed = sorted([(ONE.digest, 25), (TWO.digest, 75)])
    told: list[tuple[int, Told]] = [(0, published(one)) for one in (ONE, TWO, SPAM)]
    told += [(start, ("NeedsBoard.NeedPosted", {"need": one.digest, "author": ALICE})) for one in (ONE, TWO)]
    told.append((start, ("NeedsBoard.NeedPosted", {"need": SPAM.digest, "author": CAROL})))
    listed = {"needs": [one for one, _ in backed], "percents": [share for _, share in backed]}
    told.append((start + 1, ("NeedsBoard.NeedsBacked", {"holder": ALICE, **listed})))
    told.append((start + 1, ("NeedsBoard.NeedsBacked", {"holder": BOB, "needs": [TWO.digest], "percents": [100]})))
    answer = {"need": TWO.digest, "by": CAROL, "answer": 1, "eta": NOW - 100, "effortDays": 4, "reason": bytes(32)}
    told.append((start + 2, ("NeedsBoard.NeedAnswered", answer)))
    told.append((start + 9, ("NeedsBoard.NeedAnswered", {**answer, "answer": 2, "eta": NOW + WEEK, "effortDays": 0})))
    return [one for _, one in told], [at for at, _ in told]


def test_needs_by_conviction(stage: Stage) -> None:
    told, times = needs_log()
    serving = parse(idea(extra="need: 2\n").encode())
    home = stage([*told, *posted(serving, 8, 1), *funded(1, 8, 1, NOW + 5)], times)
    rows = ListNeeds().answer(home)["needs"]
    assert [(one["number"], one["title"]) for one in rows] == [(2, "A switch"), (1, "A dimmer")]
    first, second = rows
    weights = [0, 0, 0, *[600 * 75 // 100 + 90] * 8]
    y = 0
    for weight in weights:
        y = (y + weight) // 2
    assert (first["conviction"], first["weight"], first["backers"]) == (y, 540, 2)
    assert (first["answer"], first["date"], first["late"]) == ("in_progress", "broken", False)
    assert (first["first_eta"], first["latest_eta"]) == (NOW - 100, NOW + WEEK)
    assert (first["effort_days"], first["priority"]) == (4, y // 4)
    assert (first["ideas"], first["funded"]) == (1, 1)
    assert (second["answer"], second["late"], second["backers"]) == (None, True, 1)
    assert ANSWER.show(home, first["answer"]) in ListNeeds().view(home).tables[0].rows[0]
    shown = ShowNeed(TWO.digest).answer(home)
    assert [(one["idea"], one["campaign"]) for one in shown["served"]] == [((8, 1), 1)]
    assert [one["answer"] for one in shown["answers"]] == ["planned", "in_progress"]
    assert ShowNeed(TWO.digest).view(home).heading == "Need 2: A switch"


@pytest.mark.attack("needs of an account without power")
def test_spam_without_power_is_not_shown(stage: Stage) -> None:
    told, times = needs_log()
    home = stage(told, times)
    assert SPAM.digest not in {one["need"] for one in ListNeeds(everything=True).answer(home)["needs"]}
    shown = ShowNeed(SPAM.digest)
    assert (shown.answer(home)["counts"], shown.answer(home)["item"]["conviction"]) == (False, 0)
    assert "does not count" in " ".join(shown.view(home).texts)
    with pytest.raises(NotFound):
        ShowNeed(bytes(32)).answer(home)
    assert ListNeeds().answer(stage([]))["needs"] == []


@pytest.mark.attack("a date that was moved hides the first")
def test_moved_eta_shows_the_first(stage: Stage) -> None:
    told, times = needs_log()
    found = ShowNeed(TWO.digest).answer(stage(told, times))["item"]
    assert (found["first_eta"], found["latest_eta"], found["date"]) == (NOW - 100, NOW + WEEK, "broken")
