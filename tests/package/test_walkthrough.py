"""The runner of the README's section "By hand": what it takes for a command, and when it fails."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dmo.home.documents import read
from tools.walkthrough import HEADING, Wrong, commands, run, script, section

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"

TEXT = f"""# Project

```bash
not this
```

{HEADING}

Words, then

```
make play
```

```bash
export A=1     # a comment
# only a comment

echo one \\
  two
if true; then
  echo three
fi
false # exit code 1
```

## Other

```bash
nor this
```
"""


def test_finds_the_commands_of_the_section_alone() -> None:
    found = commands(section(TEXT))
    assert [command.text for command in found] == [
        "export A=1     # a comment",
        "echo one \\\n  two",
        "if true; then\n  echo three\nfi",
        "false # exit code 1",
    ]
    assert [command.code for command in found] == [0, 0, 0, 1]
    lines = TEXT.split("\n")
    assert lines[found[0].line - 1] == "export A=1     # a comment"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# Project\n", "0 sections"),
        (f"{HEADING}\n\nwords\n", "no commands"),
        (f"{HEADING}\n\n```bash\necho 'open\n```\n", "does not end"),
        (f"{HEADING}\n\n```bash\necho open\n", "not closed"),
    ],
)
def test_refuses_a_section_that_cannot_be_run(text: str, reason: str) -> None:
    with pytest.raises(Wrong, match=reason):
        commands(section(text))


def test_keeps_what_a_command_exports_and_gives_it_nothing_to_read() -> None:
    found = commands(section(TEXT.replace("echo three", "echo three $A; cat")))
    done = subprocess.run(["bash", "-c", script(found)], capture_output=True, text=True)
    assert done.returncode == 0
    assert "three 1\n\x1eend 2 0" in done.stdout


def test_stops_at_the_first_command_that_surprises(capfd: pytest.CaptureFixture[str]) -> None:
    found = commands(section(TEXT.replace("echo three", "echo no >&2; false")))
    with pytest.raises(Wrong, match="exit code 1, expected 0: if true"):
        run(found, {"PATH": "/usr/bin:/bin"})
    out = capfd.readouterr().out
    assert "    no\n" in out
    assert "exit code 1]" in out
    assert "$ false" not in out


def test_notices_a_command_that_ends_the_shell() -> None:
    found = commands(section(TEXT.replace("echo three", "exit 0")))
    with pytest.raises(Wrong, match="did not end: if true"):
        run(found, {"PATH": "/usr/bin:/bin"})


def test_runs_a_section_that_does_what_it_says() -> None:
    run(commands(section(TEXT)), {"PATH": "/usr/bin:/bin"})


def test_the_readme_goes_from_a_deployment_to_a_paid_bounty() -> None:
    found = commands(section(README.read_text("utf-8")))
    texts = [command.text for command in found]
    assert any("./brownie run deploy main walkthrough --network play" in text for text in texts)
    story = "delegate, idea new, idea post, ballot cast, settle, bounty post, dmo submit, "
    story += "dmo status, dmo accept, dmo pay, credit withdraw, dmo reject, dispute contest, "
    story += "dispute uphold, dispute commit, dispute reveal, dispute pay"
    acts = story.split(", ")
    places = [next(n for n, text in enumerate(texts) if act in text) for act in acts]
    assert places == sorted(places)
    voters = {text.split("--account ")[1] for text in texts if "ballot cast" in text}
    assert len(voters) == 2
    assert {command.code for command in found} == {0, 10}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("idea", "idea"), ("brief", "brief"), ("evidence", "evidence")),
        *(("statement", "reason"), ("uphold", "reason")),
    ],
)
def test_its_documents_are_good(name: str, kind: str) -> None:
    document = read(ROOT / "examples" / "by-hand" / f"{name}.md", kind)
    assert not document.unknown
