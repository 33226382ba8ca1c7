"""Reading the record: chains, heads, the line of corrections of one fact, verification."""

from uuid import UUID

from django.db import connections, router

from record.chain.verify import Report, verify
from record.models import Revision


def revisions(chain: str):
    """This function will return a chain's revisions as a queryset, first to last."""
    return Revision.objects.of_chain(chain)


def head(chain: str) -> Revision | None:
    """This function will return the last revision of a chain, None when it is empty."""
    return revisions(chain).last()


def chains() -> list[str]:
    """This function will return the names of all chains that have a revision, sorted."""
    return list(Revision.objects.order_by("chain").values_list("chain", flat=True).distinct())


def changes(op_id: UUID) -> list[Revision]:
    """This function will return the whole line of a fact, the first revision to the last.

    Any operation of the line will do. An unknown one gives an empty list.
    """
    connection = connections[router.db_for_read(Revision)]
    start = Revision._meta.get_field("op_id").get_db_prep_value(op_id, connection)
    return list(
        Revision.objects.raw(
            """
            WITH RECURSIVE
            earlier AS (
                SELECT * FROM record_revision WHERE op_id = %s
                UNION
                SELECT r.* FROM record_revision r JOIN earlier e ON r.op_id = e.replaces
            ),
            later AS (
                SELECT * FROM record_revision WHERE op_id = %s
                UNION
                SELECT r.* FROM record_revision r JOIN later l ON r.replaces = l.op_id
            )
            SELECT * FROM earlier UNION SELECT * FROM later ORDER BY seq
            """,
            [start, start],
        )
    )


def latest(op_id: UUID) -> Revision | None:
    """This function will return the revision of a fact that is in force now."""
    line = changes(op_id)
    return line[-1] if line else None


def verify_chain(chain: str, checkpoints: dict[int, str] | None = None) -> Report:
    """This function will verify one chain in the database, reading it as a stream."""
    rows = (revision.as_row() for revision in revisions(chain).iterator(chunk_size=500))
    return verify(rows, chain=chain, checkpoints=checkpoints)
