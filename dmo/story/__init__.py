"""The demo: a season of a fictional organization, played on a local chain through the client.

``cast`` names the people, ``stage`` moves clock and documents and tells what happens, the chapters
are the story, ``summary`` computes build/demo/summary.json from the chain and checks its equations.
"""
