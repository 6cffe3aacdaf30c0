"""All tables, for migrations and the catalogue tests; the running server never imports this."""

from karat.access import tables as access
from karat.assist import tables as assist
from karat.audit import tables as audit
from karat.database.schema import metadata
from karat.datasets import tables as datasets
from karat.delivery import tables as delivery
from karat.jobs import tables as jobs
from karat.models import tables as models
from karat.ontology import tables as ontology
from karat.quality import tables as quality
from karat.storage import tables as storage
from karat.tasks import tables as tasks

CAPABILITIES = (access, audit, jobs, storage, ontology, models, datasets, tasks, assist, quality, delivery)

__all__ = ["CAPABILITIES", "metadata"]
