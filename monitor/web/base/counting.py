"""Counting what this process answered over HTTP."""

from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Asked:
    """How many answers there were, by their code."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()


class Counting:
    """Counts every answer, also those of what stands before the site; comes first of all."""

    def __init__(self, app: ASGIApp, *, asked: Asked) -> None:
        self._app = app
        self._answers = asked.answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._answers[str(message["status"])] += 1
            await send(message)

        await self._app(scope, receive, sending)
