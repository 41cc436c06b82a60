"""Reads weights that another implementation wrote, and compares its losses and outputs with the reference's.

    python check_weights.py --weights FILE --case CASE --expect EXPECT

CASE is a file of `make_fixtures.py --matrix`: its metadata give the network, its batch 0 the input. FILE holds the
weights, as save_weights in splitmask_reference.py writes them. EXPECT holds what the other implementation computed from
these weights and batch 0: loss.total, loss.inpaint, loss.match, output.encoder, output.decoder; all branch rows of an
output, or those of CASE's `output-rows`. For beit neither loss.match nor output.decoder; a term that the objective
weighs with 0 may be left out. Losses have to agree within 1e-5, outputs within 1e-4 of the reference's norm. The
reference computes in float64. The exit status is 1 where they disagree, or where something is missing or unknown.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from splitmask_reference import Config, SplitMask, from_metadata, load_weights, normalise, objective

LOSS_DISTANCE = 1e-5  # absolute
OUTPUT_DISTANCE = 1e-4  # of the norm of the reference's


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares another implementation with the reference.")
    parser.add_argument("--weights", type=Path, required=True, help="the weights, one tensor for each parameter")
    parser.add_argument("--case", type=Path, required=True, help="a file of make_fixtures.py --matrix")
    parser.add_argument("--expect", type=Path, required=True, help="loss.* and output.* of the other implementation")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    with safe_open(arguments.case, "pt") as file:
        metadata = file.metadata()
    case, given = load_file(arguments.case), load_file(arguments.expect)
    try:
        config = from_metadata(metadata)
        network = SplitMask(config).double()
        load_weights(network, arguments.weights)
        faults = disagreements(compute(network, case, config), given, metadata, config)
    except ValueError as error:
        sys.exit(str(error))
    sys.exit("DISAGREE: " + "; ".join(faults) if faults else None)


def compute(network: SplitMask, case: Mapping[str, Tensor], config: Config) -> dict[str, Tensor]:
    """The losses and outputs of batch 0, all branch rows."""
    pixels, visible, tokens = (case[f"batch.0.{name}"] for name in ("pixels", "visible", "tokens"))
    with torch.no_grad():
        outputs = network(normalise(pixels).double(), visible.long())
        losses = objective(outputs, tokens.long(), config)
    results = {f"loss.{name}": loss for name, loss in losses._asdict().items()}
    results |= {"output.encoder": outputs.encoder, "output.decoder": outputs.decoder}
    return {name: result for name, result in results.items() if result is not None}


def disagreements(
    expected: Mapping[str, Tensor], given: Mapping[str, Tensor], metadata: Mapping[str, str], config: Config
) -> list[str]:
    """Prints a line for every tensor, and returns what is wrong."""
    inpaint_weight, match_weight = config.term_weights
    optional = {"loss.inpaint": inpaint_weight == 0, "loss.match": match_weight == 0}
    faults = [f"{name} is missing" for name in expected if name not in given and not optional.get(name, False)]
    faults += [f"{name} is unknown" for name in given if name not in expected]

    rows = [int(row) for row in metadata["output-rows"].split()]
    for name in (name for name in expected if name in given):
        theirs, ours = given[name].double(), expected[name]
        if name.startswith("output.") and theirs.shape[:1] == (len(rows),):
            ours = ours[rows]
        if theirs.shape != ours.shape and not theirs.numel() == ours.numel() == 1:
            faults.append(f"{name} is {list(theirs.shape)} where {list(ours.shape)} is expected")
            continue

        is_loss = name.startswith("loss.")
        limit = LOSS_DISTANCE if is_loss else OUTPUT_DISTANCE
        distance = ((theirs - ours).norm() / (1 if is_loss else ours.norm())).item()
        agrees = distance <= limit  # false for NaN
        values = f"{theirs.item():.7f}, here {ours.item():.7f}; " if is_loss else ""
        print(f"{name:15} {values}distance {distance:.1e}, limit {limit:.0e}: {'agrees' if agrees else 'DISAGREES'}")
        if not agrees:
            faults.append(f"{name} is {distance:.1e} away")
    return faults


if __name__ == "__main__":
    main()
