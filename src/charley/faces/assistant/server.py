"""The tools as an MCP server on standard input and output. Needs the package `mcp` (the extra of that name)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from charley.faces.assistant.reply import Desk
from charley.faces.assistant.tools import TOOLS
from charley.vocabulary.version import __version__

INSTRUCTIONS = (
    "Charley says why a runner's calves cramp, from files on this machine. Answers are summaries and change nothing. "
    "Pass on warning signs in an answer first and word by word. It is general training information, not medical "
    "advice; do not add figures or advice to it as if they were Charley's."
)


def make_server(journal: Path) -> Server[Any]:
    """The server over one journal."""
    desk = Desk(journal)

    async def list_tools(_: object, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    description=tool.about,
                    input_schema=tool.schema(),
                    annotations=types.ToolAnnotations(
                        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
                    ),
                )
                for tool in TOOLS.values()
            ]
        )

    async def call_tool(_: object, asked: types.CallToolRequestParams) -> types.CallToolResult:
        # In this thread: one question at a time, since a file is read in a process that is forked from it.
        reply = desk.reply(asked.name, asked.arguments)
        return types.CallToolResult(content=[types.TextContent(text=reply.text)], is_error=reply.is_error)

    return Server(
        "charley",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve(journal: Path) -> None:
    """Answer on standard input and output until the other side closes it."""
    logging.disable(logging.CRITICAL)  # what is wrong with a request goes back as its answer, not to a log

    async def run() -> None:
        server = make_server(journal)
        async with stdio_server() as (hears, says):
            await server.run(hears, says, server.create_initialization_options())

    anyio.run(run)
