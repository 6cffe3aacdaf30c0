"""The client: one server, one key."""

import ssl
from typing import Self

import httpx

from karat_client.configuration import find_address
from karat_client.records import Health, KindList, KindListItem, Session
from karat_client.resources.access import Audit, Keys
from karat_client.resources.archives import Archives
from karat_client.resources.certificates import Certificates
from karat_client.resources.connections import Connections
from karat_client.resources.datasets import Datasets
from karat_client.resources.exports import Exports
from karat_client.resources.imports import Imports
from karat_client.resources.jobs import Jobs
from karat_client.resources.models import Models
from karat_client.resources.people import Groups, Invitations, Members, Organisation
from karat_client.resources.predictions import Predictions
from karat_client.resources.project_setup import Templates
from karat_client.resources.projects import Projects
from karat_client.resources.tasks import Tasks
from karat_client.resources.uploads import Uploads
from karat_client.resources.work import WorkResource
from karat_client.retries import Backoff
from karat_client.transport import Transport


class Client:
    """Everything that a Karat server offers to programs.

    Threads may share one. Close it, or use it in a `with` block, so that its connections end.

    Attributes:
        url: of the server.
        datasets, imports, uploads, connections: data and their ways in.
        projects, templates, tasks, work: what is asked, what is known of every asset, the work on it.
        models, predictions: of your own, and what they say.
        exports, certificates, archives: labels, what is promised of them, whole projects as files.
        members, invitations, groups, organisation: people.
        jobs, keys, audit: the house.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retry_for: float = 60.0,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: of the server; KARAT_URL if not given.
            key: an API key; KARAT_API_KEY if not given.
            timeout: seconds in which something must come of a request: a connection within 10 of them, a next byte.
            retry_for: seconds during which a request that can succeed later is sent again; 0 sends everything once.
            verify: how certificates of servers are judged: an SSL context knows your own authority.
            transport: for a proxy of your own, or a test.

        Raises:
            ConfigurationMissing: no url or key.
        """
        address = find_address(url, key)
        backoff = Backoff(patience_s=retry_for)
        self._transport = Transport(address, timeout_s=timeout, backoff=backoff, verify=verify, transport=transport)
        self.url = address.url
        self.imports = Imports(self._transport)
        self.datasets = Datasets(self._transport, self.imports)
        self.uploads = Uploads(self._transport)
        self.connections = Connections(self._transport)
        self.exports = Exports(self._transport)
        self.projects = Projects(self._transport, self.exports)
        self.templates = Templates(self._transport)
        self.tasks = Tasks(self._transport)
        self.work = WorkResource(self._transport, self.projects)
        self.models = Models(self._transport)
        self.predictions = Predictions(self._transport)
        self.certificates = Certificates(self._transport)
        self.archives = Archives(self._transport)
        self.members = Members(self._transport)
        self.invitations = Invitations(self._transport)
        self.groups = Groups(self._transport)
        self.organisation = Organisation(self._transport)
        self.jobs = Jobs(self._transport)
        self.keys = Keys(self._transport)
        self.audit = Audit(self._transport)

    def whoami(self) -> Session:
        """Whose key it is, and what it may do."""
        return self._transport.call("GET", "/api/session", Session)

    def health(self) -> Health:
        """Whether the server and its database answer."""
        return self._transport.call("GET", "/healthz", Health)

    def kinds(self) -> tuple[KindListItem, ...]:
        """The kinds of annotation that a project can ask for."""
        return self._transport.call("GET", "/api/kinds", KindList).items

    def close(self) -> None:
        """End all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.url!r})"
