"""The server refuses to start while something is open that must be shut."""

import types

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import path

from competitions.gates import enter
from competitions.roles import RoleKind
from config.startup import refuse_to_start_when_unsafe


def forgotten(request):
    return HttpResponse("")


@enter(read={RoleKind.ANYONE})
def declared(request):
    return HttpResponse("")


def addresses(*views):
    """This function will return a module of addresses, one for each view."""
    module = types.ModuleType("addresses")
    module.urlpatterns = [path(f"{view.__name__}/", view, name=view.__name__) for view in views]
    return module


@pytest.mark.django_db
def test_server_starts_when_every_route_has_a_gate(settings):
    settings.ROOT_URLCONF = addresses(declared)
    refuse_to_start_when_unsafe()


@pytest.mark.django_db
def test_server_refuses_to_start_with_a_route_that_anybody_could_enter(settings):
    settings.ROOT_URLCONF = addresses(declared, forgotten)
    with pytest.raises(ImproperlyConfigured, match="/forgotten/ 没有声明谁可以进入"):
        refuse_to_start_when_unsafe()
