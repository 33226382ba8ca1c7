"""The machine from which a request comes: its address, and what it is in words."""

import ipaddress

# The first that a browser's own words contain says what it is.
PROGRAMS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("wxwork", "企业微信"),
    ("Firefox", "火狐"),
    ("Edg", "Edge"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("OpenHarmony", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "电脑"),
    ("Macintosh", "电脑"),
    ("Linux", "电脑"),
)


def client_address(request):
    """This function will return the address of the reader's machine.

    The front server on this machine names it (deploy/nginx.conf); nobody else is believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if address in {"", "127.0.0.1", "::1"}:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or address
    return address


def network_of(address):
    """This function will return what is counted as one address: of IPv6 the network of a household
    (/64), within which a machine takes as many addresses as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def name_machine(request):
    """This function will return what the browser says of itself in two words, such as
    「安卓手机，微信」. It may say anything: nothing but a reminder for whoever sees the machine."""
    said = request.headers.get("User-Agent", "")
    named = [
        next((title for word, title in words if word in said), "") for words in (MACHINES, PROGRAMS)
    ]
    return "，".join(name for name in named if name) or "其他设备"
