"""The server for people's agents, by the Model Context Protocol: it reads, explains and prepares, and no more.

No act and no query is told apart here: every tool is made of the registry. Nothing is signed or sent, no key is read,
and what strangers wrote is marked as such.
"""
