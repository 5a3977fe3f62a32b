from __future__ import annotations

from dmo.deploy.check import check_deployment

from tests.scripts.conftest import ROOT


def test_finds_nothing_after_a_deployment(prepare, sender, node, folder, fresh_code):
    run = prepare()
    book = run.send(sender)

    report = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)

    assert report.differences == []
    assert {one.area for one in report.findings} == {"code", "parameters", "roles", "operations"}
