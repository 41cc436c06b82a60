"""Writes what splitmask_reference.py computes, for other implementations to be compared with.

    python make_fixtures.py --output DIRECTORY     # writes <case>.safetensors, replacing what is there
    python make_fixtures.py --output DIRECTORY --matrix pairwise|full [--width 48] [--heads 3] [--compact]
    python make_fixtures.py --versions             # prints the versions that would be stored, and writes nothing

What is stored in the repository, written from this folder (versions: requirements.txt):

    python make_fixtures.py --output ../resources/fixtures
    python make_fixtures.py --output ../resources/fixtures/matrix --matrix pairwise --width 12 --heads 3 --compact

Each file's metadata holds `version` (of this format), every hyper-parameter and the versions of the libraries that made
it. float32, int32 and uint8 only. Everything is drawn in float32 from a seed and computed in float64, then rounded
once: the expected values carry no summation order of ours. Each objective is also computed in float32, and its
gradients compared with finite differences; the run fails where they disagree. Letters as in splitmask_reference.py.

The cases: `learned-opposite` and `sincos-both` (the objective, its gradients, ten AdamW steps at a constant rate),
`tokenizer`, `resize` (Pillow).

The matrix: objective x positions x geometry x negatives, each case `{objective}-{positions}-p{patch side}-{negatives}`;
all 32, or 8 in which every two levels of any two factors meet. The same case is the same file in both.

- parameter.*; batch.{i}.pixels (uint8 [N, L, P*P*3]), batch.{i}.visible and batch.{i}.tokens.
- For batch 0: gradient.*, loss.inpaint, loss.match, loss.total, output.encoder, output.decoder. For beit neither
  loss.match nor output.decoder. A term that the objective weighs with 0 is there, but not in the total.
- The network's input is (u/255 - mean)/std with ImageNet's numbers, in float32 and in this order; the float64 network
  gets these float32 values, widened.
- Metadata: `inpaint-weight` and `match-weight` are the objective's; `output-rows` names the branch rows that output.*
  hold: all, or with --compact the first image's.
- Two cases have three batches and loss.curve: the totals before each of 100 AdamW steps on batch 0, 1, 2, 0, ... at a
  constant rate. They start from the same parameter.* as all else, which is noise and not a fresh initialisation.
"""

import argparse
import itertools
import json
import platform
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy
import PIL
import safetensors
import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor
from torch.nn.functional import interpolate

from splitmask_reference import (
    Config,
    SplitMask,
    adamw,
    masked_patches,
    normalise,
    objective,
    step,
    to_metadata,
    token_vectors,
    tokenize,
    uniform_mask,
    uniform_split,
)

FORMAT_VERSION = "1"
STEPS = 10
CURVE_STEPS = 100
LARGEST_CURVE_DIFFERENCE = 0.005  # of a loss, between float32 and float64
LEARNING_RATE = 1e-3
CENTERINGS = ("global", "patch", "channel")
SMALLEST_MARGIN = 1e-4  # between the best and the second-best cosine: float32 has to find the same token


@dataclass(frozen=True)
class Case:
    name: str
    config: Config
    images: int
    ratio: float  # of the patches that a branch does not see
    seed: int
    batches: int = 1  # with more there is a loss curve


# A file takes about 12 bytes for each parameter (value, gradient, trained), so the second case is kept small.
CASES = [
    Case(
        "learned-opposite",
        Config(image_side=16, patch_side=4, width=24, heads=3, encoder_depth=2, vocabulary=40),
        images=5,
        ratio=0.5,
        seed=1,
    ),
    Case(
        "sincos-both",
        Config(
            image_side=8,
            patch_side=2,
            width=8,
            heads=2,
            encoder_depth=1,
            vocabulary=12,
            positions="sincos",
            layer_scale=0.1,
            negatives="both",
            match_weight=0.7,
        ),
        images=3,
        ratio=1 - 5 / 16,
        seed=2,
    ),
]

FACTORS = {
    "objective": ("splitmask", "inpaint", "match", "beit"),
    "positions": ("learned", "sincos"),
    "geometry": ((8, 64), (16, 224)),  # patch side, image side
    "negatives": ("opposite", "both"),
}
# Each objective's two rows are opposite corners of the cube of the other three factors, and all corners occur.
PAIRWISE = [
    ("splitmask", "learned", (8, 64), "opposite"),
    ("splitmask", "sincos", (16, 224), "both"),
    ("inpaint", "learned", (8, 64), "both"),
    ("inpaint", "sincos", (16, 224), "opposite"),
    ("match", "learned", (16, 224), "opposite"),
    ("match", "sincos", (8, 64), "both"),
    ("beit", "learned", (16, 224), "both"),
    ("beit", "sincos", (8, 64), "opposite"),
]
WITH_CURVE = ("splitmask-learned-p8-opposite", "beit-sincos-p8-opposite")


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the reference fixtures.")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--output", type=Path, metavar="DIRECTORY", help="where to write <case>.safetensors")
    action.add_argument("--versions", action="store_true", help="print the library versions and write nothing")
    parser.add_argument("--matrix", choices=("pairwise", "full"), help="write the cases of the matrix instead")
    parser.add_argument("--width", type=int, help="of the matrix's networks; default 48")
    parser.add_argument("--heads", type=int, help="of the matrix's networks; default 3")
    parser.add_argument("--compact", action="store_true", help="2 images at 224 px, outputs of the first image only")
    arguments = parser.parse_args()
    if not arguments.matrix and (arguments.width or arguments.heads or arguments.compact):
        parser.error("--width, --heads and --compact are for --matrix; the other cases have their own sizes")

    if arguments.versions:
        print("\n".join(f"{name} {version}" for name, version in versions().items()))
        return

    torch.set_num_threads(1)
    arguments.output.mkdir(parents=True, exist_ok=True)
    if arguments.matrix:
        for case in matrix(arguments.matrix, arguments.width or 48, arguments.heads or 3, arguments.compact):
            write(arguments.output / f"{case.name}.safetensors", *matrix_case(case, arguments.compact))
        return

    files = {case.name: objective_case(case) for case in CASES}
    files |= {"tokenizer": tokenizer_case(seed=3), "resize": resize_case(seed=4)}
    for name, (tensors, metadata) in files.items():
        write(arguments.output / f"{name}.safetensors", tensors, metadata)


def versions() -> dict[str, str]:
    return {
        "version": FORMAT_VERSION,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "safetensors": safetensors.__version__,
        "pillow": PIL.__version__,
    }


def write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, object]) -> None:
    """Doubles are rounded to float32, longs become int32, scalars get shape [1]."""
    narrow = {torch.float64: torch.float32, torch.int64: torch.int32}
    tensors = {name: t.detach().to(narrow.get(t.dtype, t.dtype)).contiguous() for name, t in tensors.items()}
    tensors = {name: t.reshape(1) if t.dim() == 0 else t for name, t in tensors.items()}
    metadata = {name: str(value).lower() for name, value in (versions() | metadata).items()}  # None: none
    path.write_bytes(with_sorted_metadata(save(tensors, metadata)))
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(tensors)} tensors")


def with_sorted_metadata(file: bytes) -> bytes:
    """The library writes metadata in an order of chance; sorted, a second run gives the same bytes."""
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    return file[:8] + json.dumps(header, separators=(",", ":")).encode().ljust(end - 8) + file[end:]


# --- The objective ----------------------------------------------------------------------------------------------------


def objective_case(case: Case) -> tuple[dict[str, Tensor], dict[str, object]]:
    config, generator = case.config, torch.Generator().manual_seed(case.seed)
    network = SplitMask(config)
    randomise(network, generator)
    batch = draw_batch(case, generator)
    _, visible, tokens = batch

    exact = train(deepcopy(network).double(), batch, config)
    plain = train(network, batch, config)  # float32: only a check
    print(f"{case.name}: " + ", ".join(f"{name} {exact['loss.' + name]:.6f}" for name in ("inpaint", "match", "total")))
    print("  loss      " + " ".join(f"{loss:.4f}" for loss in exact["loss.curve"]))
    print("  norm      " + " ".join(f"{norm:.4f}" for norm in exact["norms"]))
    compare(plain, exact, config.width)

    norms = exact.pop("norms")
    tensors = exact | {"input.patches": batch[0], "input.visible": visible, "input.tokens": tokens}
    if config.positions == "sincos":
        tensors["input.positions"] = network.positions.table
    implied = ("objective", "inpaint-weight")  # these files are older than the choice
    return tensors, {
        "case": case.name,
        **{name: value for name, value in to_metadata(config).items() if name not in implied},
        "images": case.images,
        "patches": config.patches,
        "kept": visible.shape[1],
        "ratio": case.ratio,
        "learning-rate": LEARNING_RATE,
        "steps": STEPS,
        "seed": case.seed,
        "gradient-norms": " ".join(f"{norm:.6f}" for norm in norms),
    }


def randomise(network: SplitMask, generator: torch.Generator) -> None:
    """Values that hide nothing: no zeros, no ones, no two alike. Layer scale stays around its initial value."""
    for name, parameter in network.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "scale" in name:
            values = parameter.data * (1 + 0.3 * noise)
        elif "norm" in name and name.endswith("weight"):
            values = 1 + 0.1 * noise
        elif name.endswith("bias"):
            values = 0.1 * noise
        else:
            values = 0.2 * noise
        parameter.data.copy_(values)


def draw_batch(case: Case, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Patches [N, L, d], visible [2N, K], tokens [N, L]."""
    config = case.config
    patches = torch.randn(case.images, config.patches, config.patch_values, generator=generator)
    visible = torch.cat(uniform_split(case.images, config.patches, case.ratio, generator))
    tokens = torch.randint(config.vocabulary, (case.images, config.patches), generator=generator)
    return patches, visible, tokens


def train(network: SplitMask, batch: tuple[Tensor, Tensor, Tensor], config: Config) -> dict[str, Tensor]:
    """Outputs, losses and gradients at the start, then STEPS steps on the same batch; in the network's precision."""
    results = evaluate(network, batch, config)
    results["loss.curve"], results["norms"] = descend(network, [batch], STEPS, config)
    return results | {f"trained.{name}": p.detach() for name, p in network.named_parameters()}


def evaluate(network: SplitMask, batch: tuple[Tensor, Tensor, Tensor], config: Config) -> dict[str, Tensor]:
    """Parameters, outputs, losses and gradients; in double, the gradients are checked as well."""
    patches, visible, tokens = widen(batch, network)
    results = {f"parameter.{name}": p.detach().clone() for name, p in network.named_parameters()}

    outputs = network(patches, visible)
    losses = objective(outputs, tokens, config)
    losses.total.backward()
    without = [name for name, p in network.named_parameters() if p.grad is None]
    require(not without, f"no gradient, not even zeros: {without}")  # AdamW would not let these decay

    outputs = {name: getattr(outputs, name) for name in ("encoder", "decoder", "logits")}
    results |= {f"output.{name}": output.detach() for name, output in outputs.items() if output is not None}
    results |= {f"loss.{name}": loss.detach() for name, loss in losses._asdict().items() if loss is not None}
    results |= {f"gradient.{name}": p.grad.clone() for name, p in network.named_parameters()}
    if patches.dtype == torch.float64:
        check_gradients(network, (patches, visible, tokens), config)
    return results


def descend(network: SplitMask, batches: list, steps: int, config: Config) -> tuple[Tensor, Tensor]:
    """AdamW at a constant rate on one batch after another, over and over: the losses and gradient norms [steps]."""
    batches = [widen(batch, network) for batch in batches]
    optimizer = adamw(network, config, LEARNING_RATE)
    curve = [step(network, optimizer, batches[i % len(batches)], config) for i in range(steps)]
    losses, norms = torch.tensor(curve, dtype=torch.float64).T.contiguous()
    return losses, norms


def widen(batch: tuple[Tensor, Tensor, Tensor], network: SplitMask) -> tuple[Tensor, Tensor, Tensor]:
    """The patches in the network's precision."""
    patches, visible, tokens = batch
    return patches.to(network.head.weight.dtype), visible, tokens


def check_gradients(network: SplitMask, batch: tuple, config: Config, distance: float = 1e-5) -> None:
    """Central differences in double along one random direction for each parameter."""
    patches, visible, tokens = batch
    generator = torch.Generator().manual_seed(0)
    worst = 0.0
    with torch.no_grad():
        for parameter in network.parameters():
            direction = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            loss = []
            for sign in (1, -2):
                parameter += sign * distance * direction
                loss.append(objective(network(patches, visible), tokens, config).total.item())
            parameter += distance * direction
            numeric = (loss[0] - loss[1]) / (2 * distance)
            analytic = (parameter.grad * direction).sum().item()
            worst = max(worst, abs(numeric - analytic) / max(abs(analytic), 1e-2))
    print(f"  gradients against finite differences: worst relative difference {worst:.1e}")
    require(worst < 1e-5, f"gradients differ from finite differences by {worst:.1e}")


def compare(plain: dict[str, Tensor], exact: dict[str, Tensor], width: int) -> None:
    """float32 against float64. The keys' bias has no effect and a gradient of 0: Adam turns its noise into steps."""
    worst, worst_key_bias = {}, 0.0
    for name, expected in exact.items():
        difference = (plain[name] - expected).abs()
        if name.startswith("trained.") and name.endswith("qkv.bias"):
            worst_key_bias = max(worst_key_bias, difference[width : 2 * width].max().item())
            difference[width : 2 * width] = 0
        kind = name.split(".")[0]
        worst[kind] = max(worst.get(kind, 0.0), difference.max().item())
    print("  float32 against float64: " + ", ".join(f"{kind} {value:.1e}" for kind, value in worst.items()))
    if "trained" in worst:
        print(f"  and the key bias after {STEPS} steps {worst_key_bias:.1e}, where its gradient is rounding alone")
    require(max(worst.values()) < 1e-3, f"float32 and float64 disagree: {worst}")


# --- The matrix -------------------------------------------------------------------------------------------------------


def matrix(kind: str, width: int, heads: int, compact: bool) -> list[Case]:
    """A case has the same seed, and so the same numbers, in the full matrix as in the pairwise one."""
    require_pairs(PAIRWISE)
    cases = []
    for seed, row in enumerate(itertools.product(*FACTORS.values()), start=100):
        if kind == "pairwise" and row not in PAIRWISE:
            continue
        objective_name, positions, (patch_side, image_side), negatives = row
        name = f"{objective_name}-{positions}-p{patch_side}-{negatives}"
        config = Config(
            image_side=image_side,
            patch_side=patch_side,
            width=width,
            heads=heads,
            encoder_depth=2,
            vocabulary=32,
            positions=positions,
            negatives=negatives,
            match_weight=0.7,
            objective=objective_name,
        )
        images = 2 if compact and image_side == 224 else 4
        ratio = 0.5 if config.splits else masked_patches(config.patches) / config.patches
        cases.append(Case(name, config, images, ratio, seed, batches=3 if name in WITH_CURVE else 1))
    return cases


def require_pairs(rows: list[tuple]) -> None:
    """Every two levels of any two factors meet in a row."""
    for (i, first), (j, second) in itertools.combinations(enumerate(FACTORS), 2):
        absent = set(itertools.product(FACTORS[first], FACTORS[second])) - {(row[i], row[j]) for row in rows}
        require(not absent, f"{first} and {second} do not meet in {absent}")


def matrix_case(case: Case, compact: bool) -> tuple[dict[str, Tensor], dict[str, object]]:
    config, generator = case.config, torch.Generator().manual_seed(case.seed)
    network = SplitMask(config)
    randomise(network, generator)
    drawn = [draw_pixels(case, generator) for _ in range(case.batches)]
    batches = [(normalise(pixels), visible, tokens) for pixels, visible, tokens in drawn]
    print(case.name)

    exact = evaluate(deepcopy(network).double(), batches[0], config)
    plain = evaluate(deepcopy(network), batches[0], config)  # float32: only a check
    compare(plain, exact, config.width)
    print("  " + ", ".join(f"{name} {value:.6f}" for name, value in exact.items() if name.startswith("loss.")))
    if case.batches > 1:
        exact["loss.curve"] = curve(network, batches, config)

    rows = exact["output.encoder"].shape[0]
    rows = list(range(0, rows, case.images)) if compact else list(range(rows))
    del exact["output.logits"]
    tensors = {name: tensor[rows] if name.startswith("output.") else tensor for name, tensor in exact.items()}
    for i, batch in enumerate(drawn):
        tensors |= {f"batch.{i}.{name}": t for name, t in zip(("pixels", "visible", "tokens"), batch, strict=True)}
    return tensors, {
        "case": case.name,
        **to_metadata(config),
        "normalisation": "imagenet",
        "images": case.images,
        "batches": case.batches,
        "patches": config.patches,
        "kept": batches[0][1].shape[1],
        "ratio": case.ratio,
        "output-rows": " ".join(map(str, rows)),
        "learning-rate": LEARNING_RATE,
        "steps": CURVE_STEPS if case.batches > 1 else 0,
        "seed": case.seed,
    }


def draw_pixels(case: Case, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """uint8 pixels [N, L, P*P*3], visible [R, K], tokens [N, L]."""
    config, grid, side = case.config, case.config.grid, case.config.patch_side
    images = smooth_noise((case.images, config.image_side, config.image_side), side, generator)  # [N, S, S, 3]
    pixels = images.view(-1, grid, side, grid, side, 3).transpose(2, 3).reshape(case.images, config.patches, -1)
    if config.splits:
        visible = torch.cat(uniform_split(case.images, config.patches, case.ratio, generator))
    else:
        visible = uniform_mask(case.images, config.patches, generator)
    return pixels, visible, torch.randint(config.vocabulary, (case.images, config.patches), generator=generator)


def curve(network: SplitMask, batches: list, config: Config) -> Tensor:
    """The losses [CURVE_STEPS] in double, which float32 has to follow."""
    exact, norms = descend(deepcopy(network).double(), batches, CURVE_STEPS, config)
    plain, _ = descend(deepcopy(network), batches, CURVE_STEPS, config)
    worst = ((plain - exact).abs() / exact).max().item()
    print("  loss      " + " ".join(f"{loss:.4f}" for loss in exact[:: CURVE_STEPS // 10]) + f" ... {exact[-1]:.4f}")
    print("  norm      " + " ".join(f"{norm:.4f}" for norm in norms[:: CURVE_STEPS // 10]) + f" ... {norms[-1]:.4f}")
    print(f"  float32 against float64 in {CURVE_STEPS} steps: worst relative difference of the loss {worst:.1e}")
    require(worst < LARGEST_CURVE_DIFFERENCE, f"the curves of float32 and float64 are {worst:.1e} apart")
    return exact


# --- The tokenizer ----------------------------------------------------------------------------------------------------


def tokenizer_case(seed: int, vocabulary: int = 64) -> tuple[dict[str, Tensor], dict[str, object]]:
    """uint8 patches [6, 4, P*P*C] for P = 16 and 8, and their tokens in a codebook [V, 192] for each centering."""
    generator = torch.Generator().manual_seed(seed)
    codebook = torch.nn.functional.normalize(torch.rand(vocabulary, 192, generator=generator) * 2 - 1, dim=-1)
    tensors, metadata = {"codebook": codebook}, {"case": "tokenizer", "seed": seed, "normalisation": "imagenet"}
    for side in (16, 8):
        margin = 0.0
        while margin <= SMALLEST_MARGIN:
            patches = smooth_noise((24, side, side), side // 4, generator).reshape(6, 4, -1)
            vectors = {centering: token_vectors(patches, side, centering) for centering in CENTERINGS}
            best = {centering: (v @ codebook.double().T).topk(2).values for centering, v in vectors.items()}
            margin = min((b[..., 0] - b[..., 1]).min().item() for b in best.values())

        tokens = {centering: tokenize(v, codebook) for centering, v in vectors.items()}
        used = ", ".join(f"{centering} {t.unique().numel()}" for centering, t in tokens.items())
        print(f"tokenizer: P = {side}, smallest margin {margin:.1e}, distinct tokens of 24: {used}")
        tensors[f"p{side}.patches"] = patches
        tensors |= {f"p{side}.tokens.{centering}": t for centering, t in tokens.items()}
        metadata[f"p{side}.smallest-margin"] = f"{margin:.3e}"
    return tensors, metadata


# --- Resizing ---------------------------------------------------------------------------------------------------------


def resize_case(seed: int) -> tuple[dict[str, Tensor], dict[str, object]]:
    """Pillow's bicubic of boxes (x, y, width, height) of an image [40, 52, 3]: down and up, to 16 or 32."""
    image = smooth_noise((1, 40, 52), 8, torch.Generator().manual_seed(seed))[0]
    crops = [((0, 0, 52, 40), 16), ((5, 3, 45, 36), 32), ((10, 12, 9, 11), 16), ((30, 19, 22, 21), 32)]
    tensors = {"image": image}
    for i, (box, side) in enumerate(crops):
        x, y, width, height = box
        crop = Image.fromarray(image.numpy()).crop((x, y, x + width, y + height))
        resized = crop.resize(
            (side, side), Image.Resampling.BICUBIC
        )
        tensors[f"box.{i}"], tensors[f"side.{i}"] = torch.tensor(box), torch.tensor(side)
        tensors[f"result.{i}"] = torch.from_numpy(numpy.array(resized))
    return tensors, {"case": "resize", "seed": seed, "results": len(crops)}


def smooth_noise(shape: tuple[int, int, int], cell: int, generator: torch.Generator) -> Tensor:
    """Colours that vary over about `cell` pixels, some noise, some clipping: uint8 [images, height, width, 3]."""
    images, height, width = shape
    coarse = torch.randn(images, 3, -(-height // cell) + 1, -(-width // cell) + 1, generator=generator)
    smooth = interpolate(coarse, (height, width), mode="bilinear", align_corners=True)
    pixels = 128 + 70 * smooth + 8 * torch.randn(smooth.shape, generator=generator)
    return pixels.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def require(condition: bool, message: str) -> None:
    if not condition:
        raise ArithmeticError(message)


if __name__ == "__main__":
    main()
