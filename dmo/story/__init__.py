"""The demo: a season of a fictional organization, played on a local chain through the client.

``cast`` names the people, ``stage`` and ``courtroom`` hold what they can do, ``voting``,
``working`` and ``judging`` the chapters that ``tidepool`` plays in order. ``summary`` computes
build/demo/summary.json from the chain and checks its equations.
"""
