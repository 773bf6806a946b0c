"""Runs mlp-bench and checks what it prints: python3 check_output.py MLP_BENCH"""
import json
import subprocess
import sys

TIMES = ["forward", "backward", "backward_input", "update", "step", "blas_forward",
         "blas_backward", "plain_step"]
QUICK = ["--repetitions", "2", "--batch", "1,33", "7,5,3", "4,1"]


def run(*arguments):
    return subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)


def check_json(dtype):
    process = run("--json", "--dtype", dtype, *QUICK)
    assert process.returncode == 0, process.stderr
    cells = [json.loads(line) for line in process.stdout.splitlines()]
    assert [(c["net"], c["batch"]) for c in cells] == [
        ("7-5-3", 1), ("7-5-3", 33), ("4-1", 1), ("4-1", 33)]
    for cell in cells:
        assert cell["dtype"] == dtype and cell["workers"] == 1 and cell["peak_gflops"] > 0
        for time in TIMES:
            assert 0 < cell[time + "_us"] <= cell[time + "_us_median"], time
        assert cell["weight_deviation"] <= cell["weight_tolerance"] < cell["weight_moved"]
    assert cells[1]["forward_flop"] == 2 * 33 * (7 * 5 + 5 * 3)
    assert cells[1]["backward_flop"] == 2 * 33 * (7 * 5 + 2 * 5 * 3)


def check_refusals():
    for arguments, named in [(["7,0,3"], "'7,0,3'"), (["7"], "'7'"), (["7,5,"], "'7,5,'"),
                             (["7,2147483648"], "'7,2147483648'"), (["7x5"], "'7x5'"),
                             (["--batch", "1,,2"], "'1,,2'"), (["--batch", ""], "''"),
                             (["--dtype", "f16"], "'f16'"), (["--seconds", "0"], "'0'"),
                             (["--seconds", "nan"], "'nan'"), (["--repetitions", "1e3"], "'1e3'"),
                             (["--activation", "softmax"], "'softmax'"),
                             (["--sideways"], "'--sideways'"), (["--plot"], "'--plot'")]:
        process = run(*arguments)
        assert process.returncode == 2, arguments
        assert named in process.stderr and process.stderr.count("\n") == 1, process.stderr
        assert process.stdout == "", arguments


check_json("f32")
check_json("f64")
check_refusals()
