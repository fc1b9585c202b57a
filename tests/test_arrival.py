"""The worker of gunicorn notes when each request arrived: in a real process, with one thread that is busy."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from settings.arrival import since_last_data
from tender.clock import ARRIVED

ROOT = Path(__file__).parents[1]
BUSY = 0.8


def application(environ, start_response):
    """Tells how long a request had been there when it was served; /busy then keeps the only thread."""
    body = f"{time.monotonic() - environ[ARRIVED]:.3f}".encode() if ARRIVED in environ else b"unknown"
    if environ["PATH_INFO"] == "/busy":
        time.sleep(BUSY)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "tests.test_arrival:application", "--bind", f"127.0.0.1:{free}", "--log-level", "warning"]
    command += ["--worker-class", "settings.arrival.ThreadWorker", "--workers", "1", "--threads", "1", "--keep-alive", "5"]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings.test"})
    for _ in range(200):
        if server.poll() is not None or connects(free):
            break
        time.sleep(0.1)
    yield free
    server.terminate()
    assert server.wait(20) == 0


def connects(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def dial(port):
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def ask(line, path="/"):
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def told(line):
    """How long the request had waited, as the application saw it."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += line.recv(4096)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += line.recv(4096)
    return float(body[:length])


def test_a_request_counts_from_when_it_arrived_though_no_thread_was_free(port):
    with dial(port) as first, dial(port) as second:
        ask(first, "/busy")
        time.sleep(0.1)
        ask(second)
        assert BUSY - 0.4 < told(second) < BUSY + 1


def test_to_connect_early_and_ask_late_does_not_count(port):
    with dial(port) as line:
        time.sleep(BUSY)
        ask(line)
        assert told(line) < BUSY / 2


def test_who_only_connects_takes_no_thread(port):
    with dial(port), dial(port) as line:
        ask(line)
        assert told(line) < BUSY / 2


def test_each_request_of_a_kept_connection_counts_by_itself(port):
    with dial(port) as line, dial(port) as other:
        ask(line)
        assert told(line) < BUSY / 2
        time.sleep(BUSY)
        ask(line)
        assert told(line) < BUSY / 2
        ask(other, "/busy")
        time.sleep(0.1)
        ask(line)
        assert BUSY - 0.4 < told(line) < BUSY + 1


def test_a_request_sent_right_behind_another_counts_by_itself(port):
    with dial(port) as line:
        line.sendall(b"GET /busy HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert told(line) < BUSY / 2


def test_a_head_that_is_spun_out_counts_from_when_it_was_complete(port):
    with dial(port) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(5.3)
        line.sendall(b"Host: localhost\r\n\r\n")
        with pytest.raises(ValueError, match="unknown"):
            told(line)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when the last data came")
def test_the_kernel_tells_when_the_last_data_came():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caller = socket.create_connection(listener.getsockname())
        sender = Thread(target=lambda: (time.sleep(0.3), caller.sendall(b"x")))
        sender.start()
        sender.join()
        time.sleep(0.4)
        taken, _address = listener.accept()
        with taken, caller:
            assert 0.3 < since_last_data(taken) < 0.7
    left, right = socket.socketpair()
    with left, right:
        assert since_last_data(left) == 0
