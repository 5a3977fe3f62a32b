"""The page: a deployment in a browser, served from the index and the queries' views.

No page and no act is told apart here: pages.toml says which queries and acts a page has, an act's
form is made of its fields, and what it would do comes from its preview. Nothing is signed here.
"""
