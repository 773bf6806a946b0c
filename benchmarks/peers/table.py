"""The tables that are printed."""

LABEL = 39


def _number(value):
    return f"{value:.0f}" if value >= 1000 else f"{value:.4g}"


def label(cell):
    return f"{cell['net']} b{cell['batch']} w{cell['workers']}"


def _row(first, columns, names):
    """columns: of libmlp and then of names."""
    widths = [max(9, len(name) + 2) for name in ("libmlp", *names)]
    return first.ljust(LABEL) + "".join(text.rjust(width) for text, width in zip(columns, widths))


def _lines(cell, what, names):
    """Two lines: microseconds, ratios."""
    measured = {name: peer for name, peer in cell["peers"].items() if "skipped" not in peer}
    best = min(measured, key=lambda name: measured[name][what + "_us"], default=None)
    times, ratios = [_number(cell["libmlp"][what + "_us"])], ["1"]
    for name in names:
        peer = measured.get(name)
        times.append(_number(peer[what + "_us"]) if peer else "-")
        ratios.append(("*" if name == best else "") + f"{peer[what + '_ratio']:.2f}" if peer
                      else "-")
    return [_row(label(cell), times, names), _row("", ratios, names)]


def print_tables(cells, names):
    for what, title in (("step", "Training step"), ("forward", "Forward pass")):
        print(f"\n{title}: best microseconds; below, over libmlp's"
              " (above 1 libmlp is faster; * the best peer)\n")
        print(_row("net, batch, workers", ["libmlp", *names], names))
        for cell in cells:
            for line in _lines(cell, what, names):
                print(line)


def _per_reason(cells, reason_of):
    """Reason by name of peer, with the cells it holds for where it is not all of them."""
    found = {}
    for cell in cells:
        for name, peer in cell["peers"].items():
            reason = reason_of(peer)
            if reason:
                found.setdefault((name, reason), []).append(label(cell))
    for (name, reason), where in found.items():
        yield name, reason + ("" if len(where) == len(cells) else f" ({'; '.join(where)})")


def print_notes(cells):
    print("\nLosses of the first 10 steps, against libmlp's:")
    agreeing = {}
    for cell in cells:
        for name, peer in cell["peers"].items():
            if peer.get("agrees"):
                agreeing.setdefault(name, []).append(peer["deviation"])
    for name, deviations in agreeing.items():
        where = "" if len(deviations) == len(cells) else f" in {len(deviations)} of {len(cells)} cells"
        print(f"  {name} agrees{where}: {max(deviations):.2g} of the tolerance")
    for name, reason in _per_reason(cells, lambda peer: peer.get("incomparable")):
        print(f"  {name} is not comparable: {reason}")
    for name, reason in _per_reason(
            cells, lambda peer: peer.get("agrees") is False and "other losses than libmlp's"):
        print(f"  {name} DOES NOT AGREE: {reason}")
    for name, reason in _per_reason(cells, lambda peer: peer.get("skipped")):
        print(f"{name} skipped: {reason}")
