"""Whether this server can serve: what /healthz and a front server's probe ask."""

from django.db import Error

from record.guards import missing_guards


def find_faults():
    """This function will return a Chinese sentence for each fault; an empty list means healthy.

    It asks the database for the record's guards, which is one small query and shows at once
    whether the database answers at all.
    """
    try:
        return missing_guards()
    except Error:
        return ["数据库没有应答，或者还没有建好。"]
