"""One cell: the peers that can, made to agree and then measured in turns with libmlp."""
import os
import statistics
import subprocess
import time

from child import Child, Lost

OURS = "libmlp"
STEPS = 10  # over which losses are compared
# So small that thousands of steps leave the weights where they are.
MEASURED_ETA = 1e-8
# A peer of which one turn takes longer than that has one turn.
LONGEST_TURN = 5.0
# Losses may differ by this part of the loss (rounding), and by this part of what the steps took off it
# (a unit at the kink of its ReLU may fall to either side).
OF_THE_LOSS, OF_THE_WAY = 1e-5, 2e-3


def deviation(losses, ours):
    """The largest difference of losses over its tolerance: up to 1 they agree."""
    largest = 0.0
    for loss, our in zip(losses, ours):
        tolerance = OF_THE_LOSS * ours[0] + OF_THE_WAY * abs(our - ours[0])
        difference = abs(loss - our) / tolerance
        if not difference <= largest:  # also when it is not a number
            largest = difference
    return largest


class Turns:
    """What one peer was measured to take, beside what libmlp took right after it."""

    def __init__(self):
        self.step, self.forward, self.ours_step, self.ours_forward = [], [], [], []

    def result(self, what, ours_best):
        turns, ours = getattr(self, what), getattr(self, "ours_" + what)
        best = min(best for best, _ in turns)
        return {
            what + "_us": best,
            what + "_us_median": statistics.median(median for _, median in turns),
            what + "_ratio": best / ours_best,
            what + "_ratio_paired": statistics.median(
                theirs / our for (theirs, _), (our, _) in zip(turns, ours))}


class Measurement:
    """Of one cell. result() has what the JSON file has."""

    def __init__(self, cell, commands, settings):
        self.cell, self.commands, self.settings = cell, commands, settings
        self.children, self.abouts, self.lost, self.losses, self.incomparable = {}, {}, {}, {}, {}
        self.turns = {}

    def run(self, folder):
        """Raises Lost if libmlp itself fails; other peers that do are in the result."""
        problem = os.path.join(folder, "problem")
        subprocess.run([*self.commands["make-problem"], self.cell.net, str(self.cell.batch),
                        problem], check=True)
        try:
            self._start(problem)
            self._agree()
            self._each(lambda child: child.set_eta(MEASURED_ETA * self._eta(problem)))
            self._each(lambda child: child.stop())
            for number in range(self.settings.rounds):
                self._round(number)
        finally:
            for child in self.children.values():
                child.end()

    @staticmethod
    def _eta(problem):
        with open(problem, "rb") as file:
            return float(file.readline().split()[3])

    def _try(self, name, action):
        """What the action returns; if the peer is lost by it, None, and it is out."""
        try:
            return action()
        except Lost as loss:
            if name in self.children:
                self.children.pop(name).end()
            if name == OURS:
                raise
            self.lost[name] = str(loss)
            return None

    def _each(self, action):
        for name, child in list(self.children.items()):
            self._try(name, lambda: action(child))

    def _start(self, problem):
        for name, command in self.commands.items():
            if name == "make-problem":
                continue
            child = self._try(name, lambda: Child(command, problem, self.cell.workers,
                                                  self.settings.timeout))
            if child:
                self.children[name] = child
        for name, child in list(self.children.items()):
            self.abouts[name] = self._try(name, child.ready)

    def _agree(self):
        for name, child in list(self.children.items()):
            answer = self._try(name, lambda: child.losses(STEPS))
            if answer:
                self.losses[name], reason = answer
                if reason:
                    self.incomparable[name] = reason

    def _turn(self, name):
        """One turn of one peer: step and forward, each (best, median)."""
        child, seconds = self.children[name], self.settings.seconds
        child.go_on()
        times = child.time("step", seconds), child.time("forward", seconds / 2)
        child.stop()
        return times

    def _round(self, number):
        for name in [name for name in self.children if name != OURS] or [OURS]:
            if number > 0 and self.turns[name].slow:
                continue
            start = time.monotonic()
            times = self._try(name, lambda: self._turn(name))
            slow = time.monotonic() - start > LONGEST_TURN
            if times is None:
                continue
            ours = self._turn(OURS)
            turns = self.turns.setdefault(name, Turns())
            turns.slow = slow
            turns.step.append(times[0])
            turns.forward.append(times[1])
            turns.ours_step.append(ours[0])
            turns.ours_forward.append(ours[1])

    def _ours(self):
        step = [time for turns in self.turns.values() for time in turns.ours_step]
        forward = [time for turns in self.turns.values() for time in turns.ours_forward]
        return {
            "about": self.abouts[OURS],
            "step_us": min(best for best, _ in step),
            "step_us_median": statistics.median(median for _, median in step),
            "forward_us": min(best for best, _ in forward),
            "forward_us_median": statistics.median(median for _, median in forward),
            "losses": self.losses[OURS]}

    def _peer(self, name, ours):
        turns = self.turns[name]
        result = {"about": self.abouts[name], "turns": len(turns.step),
                  **turns.result("step", ours["step_us"]),
                  **turns.result("forward", ours["forward_us"])}
        if name in self.incomparable:
            result.update(agrees=None, incomparable=self.incomparable[name])
        else:
            of_tolerance = deviation(self.losses[name], ours["losses"])
            result.update(agrees=of_tolerance <= 1, deviation=of_tolerance,
                          losses=self.losses[name])
        return result

    def result(self, skipped):
        """skipped: names and reasons of peers that were not built."""
        ours = self._ours()
        peers = {name: self._peer(name, ours) for name in self.turns
                 if name != OURS and name not in self.lost}
        peers.update({name: {"skipped": reason} for name, reason in {**skipped,
                                                                     **self.lost}.items()})
        measured = [name for name in peers if "skipped" not in peers[name]]
        return {"net": self.cell.net, "batch": self.cell.batch, "workers": self.cell.workers,
                "dtype": "f32", OURS: ours, "peers": peers,
                "best_peer": min(measured, key=lambda name: peers[name]["step_us"], default=None)}
