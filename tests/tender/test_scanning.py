"""Each file goes past the scanner where there is one: clean, a virus, down, slow; and never by it unseen."""

import socket
import struct
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest

from tender.scanning import NoAnswer, virus_in

CONTENT = b"licht" * 40_000
"""More than one part."""


class Clamd(threading.Thread):
    """A scanner that takes one file in, and says what it was told to say."""

    def __init__(self, answer, *, path=None):
        super().__init__(daemon=True)
        self.answer, self.taken, self.parts = answer, b"", 0
        self.socket = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.socket.bind(str(path) if path else ("127.0.0.1", 0))
        self.socket.listen()
        self.over = threading.Event()
        self.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"

    def run(self):
        line, _ = self.socket.accept()
        with line, line.makefile("rb") as said:
            assert said.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!I", said.read(4))[0]:
                self.taken, self.parts = self.taken + said.read(size), self.parts + 1
            if self.answer is None:
                self.over.wait(20)
            else:
                line.sendall(self.answer)


@contextmanager
def clamd(answer, settings, path=None):
    scanner = Clamd(answer, path=path)
    settings.CLAMD_URL, settings.CLAMD_SECONDS = scanner.url, 10
    scanner.start()
    yield scanner
    scanner.over.set()
    scanner.join(10)
    scanner.socket.close()


@pytest.mark.parametrize("over", ["tcp", "unix"])
def test_a_clean_file_goes_past_whole(settings, tmp_path, over):
    with clamd(b"stream: OK\0", settings, tmp_path / "clamd" if over == "unix" else None) as scanner:
        file = BytesIO(CONTENT)
        assert virus_in(file) == ""
        assert file.tell() == 0
    assert scanner.taken == CONTENT
    assert scanner.parts > 1


def test_a_virus_is_named(settings):
    with clamd(b"stream: Eicar-Test-Signature FOUND\0", settings):
        assert virus_in(BytesIO(b"X5O!P%@AP")) == "Eicar-Test-Signature"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY\0", b"x" * 9000])
def test_any_other_answer_is_none(settings, answer):
    with clamd(answer, settings), pytest.raises(NoAnswer):
        virus_in(BytesIO(CONTENT))


def test_who_answers_too_slowly_does_not_answer(settings):
    with clamd(None, settings):
        settings.CLAMD_SECONDS = 0.2
        with pytest.raises(NoAnswer):
            virus_in(BytesIO(CONTENT))


@pytest.mark.parametrize("url", ["unix:///nowhere/clamd", "tcp://127.0.0.1:1", "tcp://127.0.0.1:1?late"])
def test_who_is_down_does_not_answer(settings, url):
    settings.CLAMD_URL, settings.CLAMD_SECONDS = url, 0 if "late" in url else 5
    file = BytesIO(CONTENT)
    with pytest.raises(NoAnswer):
        virus_in(file)
    assert file.tell() == 0
