"""Hidden operation ids for small forms that a template writes itself. `{% load operations %}`."""

import uuid

from django import template

register = template.Library()


@register.simple_tag
def new_op():
    """This function will return a fresh operation id: a second click on its form saves nothing."""
    return uuid.uuid4()
