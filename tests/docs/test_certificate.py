"""The recipe for a certificate without internet, run as it stands in docs/operations.md."""

import re
import socket
import ssl
import subprocess
import threading

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A folder with what the recipe makes."""
    folder = tmp_path_factory.mktemp("certificate")
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    part = text.split("### A certificate without internet")[1]
    recipe = re.search(r"```sh\n(.*?)```", part, re.S).group(1)
    assert "FOLDER=/etc/leitai-certificate\n" in recipe
    recipe = recipe.replace("FOLDER=/etc/leitai-certificate\n", f"FOLDER={folder}\n")
    done = subprocess.run(["sh", "-eu", "-c", recipe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "server.crt: OK" in done.stdout and "ingerprint=" in done.stdout
    return folder


def shake_hands(folder, name):
    """This function will open a connection as a phone does that trusts the authority."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "server.crt", folder / "server.key")
    phone = ssl.create_default_context(cafile=folder / "authority.crt")
    here, there = socket.socketpair()

    def serve():
        with there:
            try:
                server.wrap_socket(there, server_side=True).close()
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with here, phone.wrap_socket(here, server_hostname=name) as link:
            return link.version()
    finally:
        thread.join()


@pytest.mark.parametrize("name", ["lt.example.gov.cn", "192.168.1.20"])
def test_phone_that_trusts_the_authority_believes_the_server(certificates, name):
    assert shake_hands(certificates, name) in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize("name", ["www.example.gov.cn", "192.168.1.21"])
def test_phone_does_not_believe_it_about_another_name(certificates, name):
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificates, name)


def test_authority_cannot_vouch_for_another_name(certificates, tmp_path):
    extensions = tmp_path / "other.ext"
    extensions.write_text("subjectAltName=DNS:bank.example.com\n")
    command = (
        "openssl req -newkey rsa:2048 -nodes -subj /CN=other -keyout other.key -out other.csr && "
        f"openssl x509 -req -in other.csr -CA {certificates}/authority.crt "
        f"-CAkey {certificates}/authority.key -CAcreateserial -days 9 -extfile other.ext "
        f"-out other.crt && openssl verify -CAfile {certificates}/authority.crt other.crt"
    )
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "permitted subtree violation" in done.stdout + done.stderr
