"""The server: tools, resources and prompts of a deployment, by stdio or by HTTP on this machine alone."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from dmo import __version__
from dmo.core import words
from dmo.core.act import Act
from dmo.core.errors import BadInput
from dmo.core.view import Query
from dmo.faces.agents import tools
from dmo.faces.agents.locked import OnlyAsked, doors_of, shut
from dmo.faces.agents.others import Principal
from dmo.faces.web.site import Site
from dmo.home import context
from dmo.home.home import Home

_VIEW, _TEMPLATE = "dmo://view/", "dmo://template/"
_JSON, _MARKDOWN = "application/json", "text/markdown"


class Agents:
    """What a server answers: the deployment at its latest block, as those see it whom an agent serves.

    Args:
        site: The deployment, followed.
        account: Whom it serves unless a call says another.
        language: What its words are told in.
    """

    def __init__(self, site: Site, account: str | None = None, language: str = words.ENGLISH) -> None:
        self.site, self.account, self.language = site, account, language
        self._lock = threading.Lock()

    def principal(self, account: str | None, publish: bool | None) -> Principal:
        """The deployment at its latest block, seen by an account."""
        base = self.site.look().base
        return Principal(base, account or self.account, self.site.known, is_marking=False, publish=publish)

    def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """What a tool says; one after the other, since all look at one block."""
        with self._lock, words.speaking(self.language):
            return tools.call(self.principal, name, arguments)

    # ── what there is ──

    def tools(self) -> list[types.Tool]:
        """A tool for every act and every view."""
        said = words.load(self.language)["face"]["act"]
        with words.speaking(self.language):
            return [
                types.Tool(
                    name=name,
                    title=said.get(asked.name),
                    description=tools.described(asked),
                    input_schema=tools.schema(asked),
                    annotations=types.ToolAnnotations(
                        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True
                    ),
                )
                for name, asked in tools.offered().items()
            ]

    def views(self) -> dict[str, type[Query]]:
        """Views that need nothing said, or nothing but short fields, by their address."""
        found: dict[str, type[Query]] = {}
        for name, asked in tools.offered().items():
            needed = asked.required()
            if issubclass(asked, Query) and not any(asked.kind(key).paper is not None for key in needed):
                found["/".join([_VIEW + name, *(f"{{{key}}}" for key in needed)])] = asked
        return found

    def resource(self, uri: str) -> tuple[str, str]:
        """What stands at an address, and of which type. Raises BadInput: nothing."""
        if uri.startswith(_TEMPLATE):
            from dmo.home.templates import template

            return template(uri.removeprefix(_TEMPLATE), lang=self.language), _MARKDOWN
        name, *given = map(unquote, uri.removeprefix(_VIEW).split("/"))
        asked = tools.offered().get(name)
        if not uri.startswith(_VIEW) or asked is None or issubclass(asked, Act) or len(given) != len(asked.required()):
            raise words.bad("agents_nothing_there", given=uri[:80])
        return _text(self.call(name, dict(zip(asked.required(), given, strict=True)))), _JSON

    def prompt(self, name: str, given: dict[str, str]) -> tuple[str, str]:
        """A prompt's title and text, for an account. Raises BadInput: there is none of this name."""
        known = words.load(self.language)["agents"]["prompt"]
        if name not in known:
            raise words.bad("agents_no_prompt", given=name[:40], known=", ".join(known))
        account = given.get("account") or self.account
        who = words.load(self.language)["agents"]["who"]
        served = who["some"].format(account=account[:60]) if account else who["none"]
        return known[name]["title"], f"{known[name]['text'].strip()}\n\n{served}"


def _text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def make_server(agents: Agents) -> Server[Any]:
    """The protocol's server around what it answers."""

    async def aside(function: Callable[..., Any], *args: Any) -> Any:
        """Done in a thread, and told as the protocol tells what cannot be done."""
        try:
            return await asyncio.to_thread(function, *args)
        except BadInput as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None

    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=agents.tools())

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in tools.offered():
            raise MCPError(types.INVALID_PARAMS, words.bad("agents_no_tool", given=params.name[:60]).message)
        told = await aside(agents.call, params.name, params.arguments or {})
        content: list[Any] = [types.TextContent(type="text", text=_text(told))]
        return types.CallToolResult(content=content, structured_content=told, is_error=not told["ok"])

    async def list_resources(_: Any, __: Any) -> types.ListResourcesResult:
        said = words.load(agents.language)
        views = [
            types.Resource(
                uri=uri, name=asked.name, description=said.get(asked.name, {}).get("help", ""), mime_type=_JSON
            )
            for uri, asked in agents.views().items()
            if "{" not in uri
        ]
        papers = [
            types.Resource(
                uri=f"{_TEMPLATE}{kind}", name=kind, description=said["agents"]["template"], mime_type=_MARKDOWN
            )
            for kind in said["word"]["template"]
        ]
        return types.ListResourcesResult(resources=[*views, *papers])

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        said = words.load(agents.language)
        found = [
            types.ResourceTemplate(
                uri_template=uri, name=asked.name, description=said.get(asked.name, {}).get("help", ""), mime_type=_JSON
            )
            for uri, asked in agents.views().items()
            if "{" in uri
        ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text, kind = await aside(agents.resource, str(params.uri))
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, text=text, mime_type=kind)]
        )

    async def list_prompts(_: Any, __: Any) -> types.ListPromptsResult:
        said = words.load(agents.language)["agents"]
        account = types.PromptArgument(name="account", description=said["acting"], required=False)
        found = [
            types.Prompt(name=name, title=one["title"], description=one["help"], arguments=[account])
            for name, one in said["prompt"].items()
        ]
        return types.ListPromptsResult(prompts=found)

    async def get_prompt(_: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        title, text = await aside(agents.prompt, params.name, dict(params.arguments or {}))
        message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(description=title, messages=[message])

    return Server(
        "dmo",
        version=__version__,
        instructions=words.load(agents.language)["agents"]["instructions"],
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def agents_of(home: Home, language: str = words.ENGLISH) -> Agents:
    """A deployment for agents: its node is asked and told nothing, and no key of this machine is looked at again."""
    account = home.names.seen
    known = dict(home.names.people)
    home.chain.transport = OnlyAsked(home.chain.transport)
    return Agents(Site(home, known=known), account, language)


def serve(home: Home, language: str, port: int | None, say: Callable[[str], None]) -> None:
    """Serve until the other side goes, or SIGTERM or SIGINT: by stdio, or by HTTP on this machine at a port.

    Raises:
        BadInput: The port is taken.
    """
    logging.getLogger("mcp").setLevel(logging.WARNING)
    agents = agents_of(home, language)
    server = make_server(agents)
    for folder in (context.cache(), home.store.root):
        folder.mkdir(parents=True, exist_ok=True)  # which is shut off later
    if port is None:
        if sys.stdin.isatty():
            say(words.word("agents_serve", "by_stdio"))
        shut(doors_of(home))
        asyncio.run(_by_stdio(server))
        return
    import uvicorn

    from dmo.faces.web.serve import listen

    listening = listen("127.0.0.1", port)
    app = server.streamable_http_app(json_response=True, stateless_http=True, host="127.0.0.1")
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, date_header=False)
    say(words.word("agents_serve", "at").format(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"))
    shut(doors_of(home))
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


async def _by_stdio(server: Server[Any]) -> None:
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
