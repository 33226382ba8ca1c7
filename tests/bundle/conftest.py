"""Bundles that several tests use."""

import io

import pytest

from publication.bundle.read import read_bundle
from publication.bundle.write import write_bundle
from publication.verifier import build_verifier
from tests.bundle.small import complete_parts, tables, write_folder


@pytest.fixture
def by_hand(tmp_path):
    """A folder with nothing but a scheme and evidence, as a person writes it."""
    return write_folder(tmp_path / "by-hand", tables())


@pytest.fixture
def parts(by_hand):
    """The parts of a complete bundle."""
    with read_bundle(by_hand) as bundle:
        return complete_parts(bundle.evidence)


@pytest.fixture
def whole(parts, tmp_path):
    """The path of a complete bundle."""
    path = tmp_path / "whole.zip"
    path.write_bytes(write_bundle(**parts))
    return path


@pytest.fixture
def reopen():
    """A function that reads a bundle from its bytes."""
    opened = []

    def read(data):
        bundle = read_bundle(io.BytesIO(data))
        opened.append(bundle)
        return bundle

    yield read
    for bundle in opened:
        bundle.files.close()


@pytest.fixture(scope="session")
def verifier(tmp_path_factory):
    """The path of the one-file verifier."""
    path = tmp_path_factory.mktemp("verifier") / "leitai-verify.pyz"
    path.write_bytes(build_verifier())
    return path
