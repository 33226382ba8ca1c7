"""A closed-loop load generator: keep-alive connections to 127.0.0.1, one request in flight each."""

import socket
import threading
import time


def requests_per_second(port, path, *, cookie="", seconds=4.0, connections=4):
    """This function will return answered requests per second; any answer but 200 raises."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    counts, errors = [0] * connections, []
    stop = time.perf_counter() + seconds

    def work(number):
        try:
            with socket.create_connection(("127.0.0.1", port)) as link:
                while time.perf_counter() < stop:
                    link.sendall(request)
                    _read_answer(link, path)
                    counts[number] += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / (time.perf_counter() - started)


def _read_answer(link, path):
    data = b""
    while b"\r\n\r\n" not in data:
        part = link.recv(65536)
        if not part:
            raise ConnectionError(f"{path}: the server closed the connection")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(f"{path}: {head.splitlines()[0].decode()}")
    length = next(
        int(line.split(b":")[1])
        for line in head.splitlines()
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        part = link.recv(65536)
        if not part:
            raise ConnectionError(f"{path}: the answer was cut short")
        body += part
