import logging
import multiprocessing

from config.logs import SecretsMasked, SharedRotatingFile


def open_log(path):
    return SharedRotatingFile(path, maxBytes=2_000, backupCount=100, encoding="utf-8", delay=True)


def write_lines(handler, name, count):
    """This function will write numbered lines through a handler."""
    for number in range(count):
        handler.emit(logging.makeLogRecord({"msg": f"{name} {number:04d}"}))
    handler.close()


def test_shared_log_keeps_every_line_of_two_processes_over_rotations(tmp_path):
    path = tmp_path / "logs" / "access.log"
    context = multiprocessing.get_context("fork")
    # As gunicorn's workers have it: opened before they were forked.
    handler = open_log(path)
    handler.emit(logging.makeLogRecord({"msg": "开始"}))
    writers = [context.Process(target=write_lines, args=(handler, name, 400)) for name in "甲乙"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    files = [file for file in path.parent.iterdir() if file.suffix != ".lock"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    expected = [f"{name} {number:04d}" for name in "甲乙" for number in range(400)]
    assert sorted(lines) == sorted(["开始", *expected])
    assert len(files) > 3
    assert all(file.stat().st_size <= 2_000 for file in files)


def test_shared_log_drops_the_oldest_files(tmp_path):
    path = tmp_path / "server.log"
    handler = SharedRotatingFile(path, maxBytes=100, backupCount=2, encoding="utf-8", delay=True)
    for number in range(60):
        handler.emit(logging.makeLogRecord({"msg": f"行 {number}"}))
    handler.close()
    names = sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".lock")
    assert names == ["server.log", "server.log.1", "server.log.2"]


def test_addresses_of_cards_and_seats_are_masked_in_lines_and_tracebacks():
    formatter = SecretsMasked("%(message)s")
    for line, masked in (
        ('- 10.0.0.7 "POST /card/k7mpq-2rstu/" 404', '- 10.0.0.7 "POST /card/…/" 404'),
        ("Not Found: /seat/abcdefghjkmnpqrs/?x=1", "Not Found: /seat/…/?x=1"),
        ('"GET /card/state/" 200', '"GET /card/state/" 200'),
    ):
        assert formatter.format(logging.makeLogRecord({"msg": line})) == masked
    try:
        raise ValueError("/card/abcdefghjkmnpqrstuvwxyz234/")
    except ValueError as error:
        caught = (ValueError, error, error.__traceback__)
    said = formatter.format(logging.makeLogRecord({"msg": "x", "exc_info": caught}))
    assert "ValueError: /card/…/" in said and "abcdefghjk" not in said.partition("ValueError")[2]
