"""An endpoint: what it is asked, told and given, with every failure told as an error that names it."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

from ...errors import LimitError, QueryError, RemoteError
from ..oxigraph.reading import results_in_json
from .address import Address
from .dialect import Dialect
from .exchange import Answer, Deadline, Exchange, Failure, OutOfTime, Sender
from .oxigraph import OxigraphServer
from .request import AGENT, LONGEST_GET, Form, SparqlRequest
from .results import Binding, Results, UnreadableResultsError, results
from .retrying import Retrying
from .settings import RemoteSettings
from .virtuoso import Virtuoso

_XML: Final = ("application/sparql-results+xml", "application/xml", "text/xml")
_HINTS: Final = {
    401: "Give a user and a password, as in https://user:password@host/, or by DIPLOGRAPH_ENDPOINT_USER and "
    "DIPLOGRAPH_ENDPOINT_PASSWORD.",
    403: "Whoever runs it can allow it.",
    404: "Is this the address of the endpoint itself, and not of a page about it?",
    413: "Ask for less at once.",
}


class Endpoint:
    """One endpoint, and how its engine differs from the standard, which is found out by the first question."""

    def __init__(self, address: Address, settings: RemoteSettings, retrying: Retrying | None = None) -> None:
        self.address, self.settings = address, settings
        self._exchange = Exchange(address, settings)
        self._retrying = retrying or Retrying(settings)
        self._dialect: Dialect | None = None
        self._by_get = False

    @property
    def dialect(self) -> Dialect:
        """How its engine differs from the standard."""
        if self._dialect is None:
            answer = self._asked(SparqlRequest(self.address.url, "ASK {}", "ASK"), Deadline(self.settings.timeout))
            dialect = _dialect(answer)
            self._results(answer, "ASK", dialect)
            self._dialect = dialect
        return self._dialect

    def selected(
        self, sparql: str, form: Form, defaults: Sequence[str] = (), named: Sequence[str] = ()
    ) -> tuple[Results, int | None]:
        """Return the results of a SELECT or ASK query, and how many rows are given at most if more were cut away.

        Raises RemoteError where the endpoint fails, LimitError where its time is over, and QueryError where it cannot
        answer this query.
        """
        answer = self._answer(sparql, form, defaults, named)
        return self._results(answer, form, self.dialect), self.dialect.limit(answer.headers)

    def rows(self, sparql: str) -> tuple[dict[str, Binding], ...]:
        """Return all rows of a SELECT query on the endpoint's own dataset; raises RemoteError where some were cut."""
        found, most = self.selected(sparql, "SELECT")
        if most is not None and len(found.rows) >= most:
            raise RemoteError(
                f"{self.address.url} gives {most:,} rows at most, and there are more. Ask for less at once.",
                url=self.address.url,
            )
        return found.rows

    def count(self, pattern: str, defaults: Sequence[str] = (), named: Sequence[str] = ()) -> int:
        """Return how many solutions a pattern has."""
        found, _ = self.selected(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "SELECT", defaults, named)
        try:
            return int(found.rows[0]["n"]["value"])
        except (LookupError, ValueError) as error:
            raise self.unreadable("number", "it counts nothing") from error

    def check_count(self, came: int, counted: int) -> None:
        """Raise RemoteError where not as many rows came as were counted."""
        if came != counted:
            raise self.unreadable("graph", f"{came:,} statements came of {counted:,}; or it has changed meanwhile")

    def truth(self, sparql: str) -> bool:
        """Return the answer to an ASK query on the endpoint's own dataset."""
        found, _ = self.selected(sparql, "ASK")
        return found.truth is True

    def made(
        self, sparql: str, form: Form, defaults: Sequence[str] = (), named: Sequence[str] = ()
    ) -> tuple[bytes, str]:
        """Return the graph that a CONSTRUCT or DESCRIBE query makes, and its media type; raises as `selected` does."""
        answer = self._answer(sparql, form, defaults, named)
        if not answer.framed and answer.media_type != "application/rdf+xml":
            raise self._error(
                Failure(f"nothing tells whether its answer in {answer.media_type or 'no media type'} is whole")
            )
        return self.dialect.triples(answer.data), answer.media_type

    def unreadable(self, media_type: str, reason: str) -> RemoteError | LimitError:
        """Return the error for an answer that is not what it should be, or not all of it."""
        return self._error(
            Failure(f"its answer is cut off, or is not the {media_type or 'result'} that it should be ({reason})")
        )

    def updated(self, url: str, sparql: str) -> None:
        """Change what the endpoint holds; raises RemoteError. What was sent once is not sent again if it got lost."""
        deadline = Deadline(self.settings.timeout)
        request = SparqlRequest(url, sparql, "INSERT")
        self._tried(request.sent, deadline, idempotent=False, url=url)

    def added(self, url: str, graph: str, ntriples: bytes) -> None:
        """Add statements to a named graph by the Graph Store Protocol; raises RemoteError."""
        place = f"{url}?graph={quote(graph, safe='')}"

        def sent(send: Sender) -> Any:
            headers = {"Content-Type": "application/n-triples", "User-Agent": AGENT}
            return send(urllib.request.Request(place, ntriples, headers, method="POST"))  # noqa: S310 - an Address

        self._tried(sent, Deadline(self.settings.timeout), idempotent=False, url=url)

    def _answer(self, sparql: str, form: Form, defaults: Sequence[str], named: Sequence[str]) -> Answer:
        text = self.dialect.query(sparql)
        request = SparqlRequest(self.address.url, text, form, defaults=defaults, named=named)
        answer = self._asked(request, Deadline(self.settings.timeout))
        if reason := self.dialect.cut(answer.headers):
            raise self._error(Failure(f"it gave only a part of the answer ({reason})"))
        return answer

    def _asked(self, request: SparqlRequest, deadline: Deadline) -> Answer:
        if self._by_get:
            request.by_get()
        try:
            return self._tried(request.sent, deadline, idempotent=True)
        except RemoteError as error:
            if error.status != 405 or self._by_get or len(request.queryString) > LONGEST_GET:
                raise
        self._by_get = True
        return self._asked(request, deadline)

    def _tried(
        self, ask: Callable[[Sender], Any], deadline: Deadline, *, idempotent: bool, url: str | None = None
    ) -> Answer:
        try:
            return self._retrying.result(
                lambda: self._exchange.answer(ask, deadline, moved=idempotent), deadline, idempotent=idempotent
            )
        except Failure as failure:
            if self._dialect is not None and idempotent and self._dialect.refused(failure.status, failure.reason):
                raise QueryError(
                    f"{self.address.url} cannot answer the query: {failure.reason.rstrip('.')}."
                ) from failure
            raise self._error(failure, url) from failure

    def _results(self, answer: Answer, form: Form, dialect: Dialect) -> Results:
        data = answer.data
        try:
            if answer.media_type in _XML:
                data = results_in_json(data)
            return dialect.results(results(data, dialect.term), form)
        except (UnreadableResultsError, SyntaxError, ValueError) as error:
            raise self.unreadable(answer.media_type, str(error)) from error

    def _error(self, failure: Failure, url: str | None = None) -> RemoteError | LimitError:
        status = f" (status {failure.status})" if failure.status else ""
        hint = f" {_HINTS[failure.status]}" if failure.status in _HINTS else ""
        place = url or self.address.url
        if isinstance(failure, OutOfTime):
            seconds = self.settings.timeout
            return LimitError(
                f"{place}: {failure.reason.rstrip('.')}. It may take {seconds:g} seconds; a longer --endpoint-timeout "
                "gives it more.",
                limit="seconds",
                value=seconds,
            )
        return RemoteError(f"{place}{status}: {failure.reason.rstrip('.')}.{hint}", url=place, status=failure.status)


def _dialect(answer: Answer) -> Dialect:
    server = answer.headers.get("Server", "").lower()
    if "virtuoso" in server or b"__ASK_RETVAL" in answer.data:
        return Virtuoso()
    return OxigraphServer() if server.startswith("oxigraph") else Dialect()
