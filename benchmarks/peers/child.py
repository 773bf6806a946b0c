"""A peer in a process of its own, which is stopped (SIGSTOP) while others are measured."""
import ctypes
import os
import select
import signal
import subprocess
import tempfile
import time


class Lost(Exception):
    """The peer does not take part, or not any more; the text says why."""


def _die_with_parent():
    """A stopped process would outlive a comparison that was killed; not on Linux."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        pass


def _environment(threads):
    """OpenMP, OpenBLAS and BLIS ask here how many threads to use."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
        environment[name] = str(threads)
    return environment


class Child:
    """Raises Lost from every call that the process does not answer as it should, and ends it then."""

    def __init__(self, command, problem, threads, timeout):
        self.timeout, self.buffer, self.stopped = timeout, b"", False
        self.errors = tempfile.TemporaryFile()
        try:
            self.process = subprocess.Popen(
                [*command, problem, str(threads)], bufsize=0, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=self.errors, env=_environment(threads),
                preexec_fn=_die_with_parent)
        except OSError as error:
            raise Lost(f"cannot start: {error.strerror}") from error

    def ready(self):
        """Waits until it has made its network; the line about what it is."""
        return self._read({"ready": str})["ready"]

    def losses(self, count):
        """The losses, or the reason why they cannot be compared."""
        answer = self._ask(f"losses {count}", {"losses": str, "incomparable": str})
        if "incomparable" in answer:
            return None, answer["incomparable"]
        return [float(value) for value in answer["losses"].split()], None

    def set_eta(self, eta):
        self._ask(f"eta {eta!r}", {"eta": str})

    def time(self, what, seconds):
        """Best and median microseconds of a call of "step" or "forward"."""
        best, median, _ = self._ask(f"time {what} {seconds!r}", {"time": str})["time"].split()
        return float(best), float(median)

    def stop(self):
        self._signal(signal.SIGSTOP)
        self.stopped = True

    def go_on(self):
        self._signal(signal.SIGCONT)
        self.stopped = False

    def end(self):
        """Ends the process, in whatever state it is."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()

    def _signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)

    def _ask(self, command, answers):
        try:
            self.process.stdin.write(command.encode() + b"\n")
        except BrokenPipeError:
            pass  # why, _read finds out
        return self._read(answers)

    def _read(self, answers):
        line = self._line()
        word, _, rest = line.partition(" ")
        if word == "skip":
            raise Lost(rest)
        if word not in answers:
            raise Lost(f"unexpected answer '{line}'")
        return {word: answers[word](rest)}

    def _line(self):
        end = time.monotonic() + self.timeout
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Lost(f"no answer in {self.timeout:g} s")
            received = os.read(self.process.stdout.fileno(), 1 << 16)
            if not received:
                raise Lost(self._how_it_ended())
            self.buffer += received
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").strip()

    def _how_it_ended(self):
        status = self.process.wait()
        how = (f"ended by {signal.Signals(-status).name}" if status < 0
               else f"ended with status {status}")
        self.errors.seek(0)
        lines = [line for line in self.errors.read().decode(errors="replace").splitlines()
                 if line.strip(" *")]
        return f"{how}: {lines[-1].strip()}" if lines else how
