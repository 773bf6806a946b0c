"""What serve.c does, for the peers written in Python: reads the problem, answers the commands."""
import statistics
import sys
import time

import numpy

SAMPLE_SECONDS = 50e-6


class Problem:
    """layers: (w, b) of each, w n_out x n_in; x and target: batch x width. All float32."""

    def __init__(self, name):
        with open(name, "rb") as file:
            _, widths, batch, eta = file.readline().split()
            self.widths = [int(width) for width in widths.split(b"-")]
            self.batch, self.eta = int(batch), float(eta)

            def read(*shape):
                count = int(numpy.prod(shape))
                return numpy.frombuffer(file.read(4 * count), numpy.float32).reshape(shape).copy()

            self.layers = [(read(n_out, n_in), read(n_out))
                           for n_in, n_out in zip(self.widths, self.widths[1:])]
            self.x = read(self.batch, self.widths[0])
            self.target = read(self.batch, self.widths[-1])


def say(*words):
    print(*words, flush=True)


def loss(problem, y):
    error = numpy.asarray(y, numpy.float64).reshape(problem.target.shape) - problem.target
    return (error * error).sum() / 2 / problem.batch


def time_calls(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return time.perf_counter() - start


def measure(call, seconds):
    """As answer_time() in serve.c: best and median microseconds of a call, and how many were made."""
    call()
    end = time.perf_counter() + seconds
    calls = 1
    first = time_calls(call, calls)
    while first < SAMPLE_SECONDS:
        calls *= 2
        first = time_calls(call, calls)
    samples = [first / calls]
    while time.perf_counter() < end:
        samples.append(time_calls(call, calls) / calls)
    return (f"{1e6 * min(samples):.4f} {1e6 * statistics.median(samples):.4f}"
            f" {len(samples) * calls}")


def serve(make):
    """make(problem, threads) returns a peer: about, forward(), step(), set_eta(), output()."""
    problem = Problem(sys.argv[1])
    peer = make(problem, int(sys.argv[2]))
    say("ready", peer.about)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "losses":
            values = []
            for _ in range(int(arguments[0])):
                peer.forward()
                values.append(f"{loss(problem, peer.output()):.9g}")
                peer.step()
            say("losses", *values)
        elif command == "eta":
            peer.set_eta(float(arguments[0]))
            say("eta")
        else:
            call = {"step": peer.step, "forward": peer.forward}[arguments[0]]
            say("time", measure(call, float(arguments[1])))
