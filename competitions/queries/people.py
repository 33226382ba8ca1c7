"""The people whom a county knows already, so that one person is not entered twice."""

from django.db.models import Q

from competitions.models import Person


def people_of_host(host_code):
    """This function will return the people with an office, duty, role or seat in the county, and
    those who compete there."""
    return (
        Person.objects.filter(
            Q(terms__unit__host_code=host_code)
            | Q(involvements__unit__host_code=host_code)
            | Q(judgeships__competition__host_code=host_code)
            | Q(roles__host_code=host_code)
            | Q(entries__competition__host_code=host_code)
        )
        .distinct()
        .in_reading_order()
    )
