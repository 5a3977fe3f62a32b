"""A page that shows what a DMO did, made from its chain alone.

``read_history`` reads logs and views, ``render_page`` makes one self-contained HTML file of it.
"""

from dmo.report.history import History, read_history
from dmo.report.page import render_page

__all__ = ["History", "read_history", "render_page"]
