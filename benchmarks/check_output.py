"""Runs mlp-bench and checks what it prints: python3 check_output.py MLP_BENCH"""
import json
import os
import signal
import subprocess
import sys
import time

TIMES = ["forward", "backward", "backward_input", "update", "step", "blas_forward",
         "blas_backward", "plain_step"]
QUICK = ["--repetitions", "2", "--batch", "1,33", "7,5,3", "4,1"]


def run(*arguments):
    return subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)


def run_json(*arguments):
    process = run("--json", *arguments)
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


def check_cells(dtype):
    cells = run_json("--dtype", dtype, *QUICK)
    assert [(c["net"], c["batch"]) for c in cells] == [
        ("7-5-3", 1), ("7-5-3", 33), ("4-1", 1), ("4-1", 33)]
    for cell in cells:
        assert cell["report"] == "cell" and cell["dtype"] == dtype and cell["workers"] == 1
        assert 0 < cell["peak_gflops"] and 0 < cell["fma_gflops"]
        for name in TIMES:
            assert 0 < cell[name + "_us"] <= cell[name + "_us_median"], name
        assert cell["weight_deviation"] <= cell["weight_tolerance"] < cell["weight_moved"]
    assert cells[1]["forward_flop"] == 2 * 33 * (7 * 5 + 5 * 3)
    assert cells[1]["backward_flop"] == 2 * 33 * (7 * 5 + 2 * 5 * 3)


def check_workers():
    cells = run_json("--workers", "1,2", "--repetitions", "3", "--batch", "9", "7,5,3")
    assert [(c["workers"], c["rounds"]) for c in cells] == [(1, 3), (2, 3)]
    for cell in cells:
        assert cell["blas_threads_set"] <= cell["workers"] and cell["cores"] >= 1
        rate = 1e-3 * cell["step_flop"] / cell["step_us"]
        for peak, share in ("peak_gflops", "step_share"), ("fma_gflops", "step_share_fma"):
            ratio = rate / (cell[peak] * cell["workers"])
            assert abs(cell[share] - ratio) <= 1e-6 * ratio, share


def check_tuning():
    cell, = run_json("--tuning", "products=tiles,schedule=outputs,instructions=baseline",
                     "--flush-denormals", "--repetitions", "1", "--batch", "9", "7,5,3")
    assert cell["flush_denormals"]
    assert [cell[c] for c in ("products", "schedule", "instructions")] == [
        "tiles", "outputs", "baseline"]


def check_contention():
    report, = run_json("--contention", "2", "--repetitions", "20", "--batch", "3", "7,5,3")
    assert report["report"] == "contention" and report["busy"] == 2
    for series in "step_quiet", "step_loaded", "plain_step_quiet", "plain_step_loaded":
        assert report[series + "_steps"] == 20
        assert 0 < report[series + "_us_median"] <= report[series + "_us_99"]


def parent_of(pid):
    """The parent of a process; None if it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state, parent = file.read().rsplit(")", 1)[1].split()[:2]
    except OSError:
        return None
    return int(parent) if state != "Z" else None


def children_of(parent):
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == parent]


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def check_end_of_busy(number):
    """However the program ends, no busy process is left."""
    # a second each of libmlp and plain loop before the busy processes start, and again with them
    with subprocess.Popen([sys.argv[1], "--contention", "2", "--seconds", "1", "--repetitions",
                           "1000000", "--batch", "512", "64,64,64"],
                          stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: len(children_of(process.pid)) == 2, 30)
            children = children_of(process.pid)
            process.send_signal(number)
            assert process.wait(timeout=30) == -number
        finally:
            process.kill()
    wait_until(lambda: all(parent_of(child) is None for child in children), 5)


def check_others():
    report, = run_json("--peak", "--repetitions", "1", "--dtype", "f64")
    assert 0 < report["product_64_gflops"] <= report["best_product_gflops"]
    report, = run_json("--optimizers", "--repetitions", "3", "--batch", "3", "7,5,3")
    assert report["report"] == "optimizers" and report["rounds"] == 3
    for name in "sgd", "momentum", "rmsprop", "adam", "adamw", "irprop":
        for way in "", "_unfused":
            assert 0 < report[name + way + "_us"] <= report[name + way + "_us_median"]
    report, = run_json("--denormal", "--repetitions", "1", "--batch", "3", "7,5,3")
    assert 0 < report["largest_output"] < 1.1754944e-38 and report["step_flushed_us"] > 0
    report, = run_json("--flatness", "--repetitions", "2", "--batch", "3,4", "7,5,3", "2,1")
    assert [(c["net"], c["batch"]) for c in report["cells"]] == [
        ("7-5-3", 3), ("7-5-3", 4), ("2-1", 3), ("2-1", 4)]
    rates = [c["step_gflops"] for c in report["cells"]]
    assert abs(report["ratio"] - max(rates) / min(rates)) < 1e-6 * report["ratio"]


def check_matrix():
    reports = run_json("--matrix", "--repetitions", "2", "--batch", "1", "784,512,256,10")
    assert [r["report"] for r in reports] == ["matrix_step", "matrix_forward"]
    step, forward = reports
    assert "share_reach" not in step and step["step_over_plain_reach"] == 0.92
    ratio = step["step_us"] / step["plain_step_us"]
    assert abs(step["step_over_plain"] - ratio) < 1e-6 * ratio
    assert step["step_over_plain_verdict"] == (
        "stretch" if ratio <= 0.85 else "reached" if ratio <= 0.92 else "missed")
    assert forward["forward_ratio_reach"] == 0.45


def check_refusals():
    for arguments, named in [(["7,0,3"], "'7,0,3'"), (["7"], "'7'"), (["7,5,"], "'7,5,'"),
                             (["7,2147483648"], "'7,2147483648'"), (["7x5"], "'7x5'"),
                             (["--batch", "1,,2"], "'1,,2'"), (["--batch", ""], "''"),
                             (["--workers", "0"], "'0'"), (["--workers", "1025"], "'1025'"),
                             (["--denormal", "--flush-denormals"], "--flush-denormals"),
                             (["--peak", "7,5,3"], "--peak"), (["--peak", "--batch", "3"], "--peak"),
                             (["--dtype", "f16"], "'f16'"), (["--seconds", "0"], "'0'"),
                             (["--seconds", "nan"], "'nan'"), (["--repetitions", "1e3"], "'1e3'"),
                             (["--activation", "softmax"], "'softmax'"),
                             (["--tuning", "products=fast"], "'products=fast'"),
                             (["--tuning", "schedule=own"], "'schedule=own'"),
                             (["--tuning", "products=own,"], "'products=own,'"),
                             (["--contention", "257"], "'257'"),
                             (["--peak", "--matrix"], "give one"),
                             (["--peak", "--plot", "a.svg"], "'a.svg'"),
                             (["--workers", "1,2", "--plot", "a.svg"], "'a.svg'"),
                             (["--sideways"], "'--sideways'"), (["--plot"], "'--plot'")]:
        process = run(*arguments)
        assert process.returncode == 2, arguments
        assert named in process.stderr and process.stderr.count("\n") == 1, process.stderr
        assert process.stdout == "", arguments


check_cells("f32")
check_cells("f64")
check_workers()
check_tuning()
check_contention()
if sys.platform == "linux":
    for signal_number in signal.SIGTERM, signal.SIGKILL:
        check_end_of_busy(signal_number)
check_others()
check_matrix()
check_refusals()
