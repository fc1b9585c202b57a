"""gunicorn's threaded worker, that also notes when each request arrived: ``--worker-class settings.arrival.ThreadWorker``.

A request may stand in a queue: in the kernel's until we accept its connection, and in the pool's until a thread is free. Gunicorn hands a
connection to the pool as soon as somebody connects; we hand it over when the first byte of a request is there, and ask the kernel when
that came. Each request of a connection that is kept open counts by itself; to connect early and ask late does not help.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
import threading
import time
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from gunicorn.workers import gthread

from tender.clock import ARRIVED, SLOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ACCEPT_AT_ONCE = 32
"""How many connections are accepted in one turn: enough for a rush, few enough to leave some to the other worker."""
WAIT_FOR_FIRST_BYTE = 7.0
NOBODY_CAME = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)
LAST_DATA_RECEIVED = 52
"""Where Linux's ``struct tcp_info`` says how many milliseconds ago the last data came."""


def since_last_data(sock: socket.socket) -> float:
    """How long ago (seconds) the newest byte came that waits to be read; 0 where the kernel does not say. Never longer than the request
    has been there, so nobody is judged earlier than they were.
    """
    if sys.platform != "linux":
        return 0.0
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED + 4)
        (milliseconds,) = struct.unpack_from("=I", info, LAST_DATA_RECEIVED)
    except (OSError, struct.error):  # a socket of another family
        return 0.0
    return float(milliseconds) / 1000


class ThreadWorker(gthread.ThreadWorker):
    """As gunicorn's, with the arrival of each request in its environ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.serving = threading.local()

    def load_wsgi(self) -> None:
        """Put the arrival where the application finds it."""
        super().load_wsgi()
        application: Callable[..., Iterable[bytes]] = self.wsgi  # type: ignore[has-type]

        def stamped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            moment = getattr(self.serving, "arrived", None)
            if moment is not None:
                environ[ARRIVED] = moment
            return application(environ, start_response)

        self.wsgi = stamped

    def accept(self, listener: socket.socket) -> None:
        """Accept who waits; a thread is for who asks something, not for who connects."""
        if self.cfg.is_ssl:  # the first bytes are then of the handshake, and say nothing of the request
            super().accept(listener)
            return
        for _turn in range(ACCEPT_AT_ONCE):
            if self.nr_conns >= self.worker_connections:
                return
            try:
                client, address = listener.accept()
            except OSError as fault:
                if fault.errno not in NOBODY_CAME:
                    raise
                return
            self.nr_conns += 1
            self.await_request(gthread.TConn(self.cfg, client, address, listener.getsockname()))

    def await_request(self, conn: Any) -> None:
        """Let the poller tell when the first byte is there."""
        conn.timeout = time.monotonic() + WAIT_FOR_FIRST_BYTE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def enqueue_req(self, conn: Any) -> None:
        """A request is there: note since when, and let it wait for a thread."""
        conn.arrived = None if self.cfg.is_ssl else time.monotonic() - since_last_data(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """A thread is free: read the request and answer it."""
        self.serving.taken_up = time.monotonic()
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head of a request is read: from here on the application knows when it arrived."""
        spun_out = time.monotonic() - self.serving.taken_up > SLOW
        self.serving.arrived = None if spun_out else conn.arrived
        try:
            return super().handle_request(req, conn)
        finally:
            self.serving.arrived = None
