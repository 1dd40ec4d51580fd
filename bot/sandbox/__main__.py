"""`python -m bot.sandbox`: the sandbox portal as a server of its own."""

import argparse
from pathlib import Path

from sanic import Sanic

from bot.sandbox.app import create_app
from bot.sandbox.clock import SandboxClock, parse_moment, system_time
from bot.sandbox.events import EventSender
from bot.sandbox.store import Store


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    options = _parser().parse_args(arguments)
    app = create_app(Store(options.db), SandboxClock(system_time, options.now, frozen=options.frozen))
    secret = options.events_secret_file.read_bytes().strip() if options.events_secret_file else b""
    app.ctx.engine.events = EventSender(options.events_url, secret)
    app.ctx.fresh = options.reset
    app.register_listener(_open, "before_server_start")
    app.register_listener(_close, "after_server_stop")
    app.run(host=options.host, port=options.port, access_log=False, motd=False)


async def _open(app: Sanic, _loop: object) -> None:
    await (app.ctx.engine.reset() if app.ctx.fresh else app.ctx.engine.open())


async def _close(app: Sanic, _loop: object) -> None:
    app.ctx.engine.store.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5056)
    parser.add_argument("--db", default=":memory:", help="SQLite file; memory when not given")
    parser.add_argument(
        "--now", type=parse_moment, help="RFC 3339 with offset; the machine's time when not given"
    )
    parser.add_argument("--reset", action="store_true", help="a fresh world even if the file has one")
    parser.add_argument("--frozen", action="store_true", help="time stands still")
    parser.add_argument("--events-url", help="where signed events go")
    parser.add_argument("--events-secret-file", type=Path, help="file with the secret events are signed with")
    return parser


if __name__ == "__main__":
    main()
