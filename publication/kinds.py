"""The kinds of fact that this app writes into the record."""

from record.kinds import register

PUBLICATION_RELEASED = register("publication.released", "公布结果或规则")
PUBLICATION_WITHDRAWN = register("publication.withdrawn", "撤回公布")
