"""`charley mcp`: an assistant on the same machine asks, and Charley answers in less than 2 kB; nothing is ever changed.

    tools.py     the five tools and what each may be asked
    answers.py   what each tool says, as parts: the verdict, then what may be left out
    danger.py    warning signs in whatever was written, to be answered first
    reply.py     one request: checks it, puts danger first, keeps the answer short, one line for whatever goes wrong
    server.py    the same as an MCP server on standard input and output (the package `mcp`, an extra)

What the runner wrote (notes, titles, names of files and shoes) is never handed out: an assistant could take it for an
order.
"""
