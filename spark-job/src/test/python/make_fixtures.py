"""Writes what splitmask_reference.py computes, for other implementations to be compared with.

    python make_fixtures.py --output DIRECTORY     # writes <case>.safetensors, replacing what is there
    python make_fixtures.py --versions             # prints the versions that would be stored, and writes nothing

Needs torch, numpy, safetensors and pillow. Each file's metadata holds `version` (of this format), every hyper-parameter
and the versions of the libraries that made it. float32, int32 and uint8 only. Everything is drawn in float32 from a
seed and computed in float64, then rounded once: the expected values carry no summation order of ours. Each objective is
also computed in float32, and its gradients compared with finite differences; the run fails where they disagree.

The cases: `learned-opposite` and `sincos-both` (the objective, its gradients, ten AdamW steps at a constant rate),
`tokenizer`, `resize` (Pillow). Letters as in splitmask_reference.py.
"""

import argparse
import json
import platform
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy
import PIL
import safetensors
import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor
from torch.nn.functional import interpolate

from splitmask_reference import Config, SplitMask, adamw, objective, step, token_vectors, tokenize, uniform_split

FORMAT_VERSION = "1"
STEPS = 10
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the reference fixtures.")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--output", type=Path, metavar="DIRECTORY", help="where to write <case>.safetensors")
    action.add_argument("--versions", action="store_true", help="print the library versions and write nothing")
    arguments = parser.parse_args()

    if arguments.versions:
        print("\n".join(f"{name} {version}" for name, version in versions().items()))
        return

    torch.set_num_threads(1)
    arguments.output.mkdir(parents=True, exist_ok=True)
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
    return tensors, {
        "case": case.name,
        **{name.replace("_", "-"): value for name, value in asdict(config).items() if name != "betas"},
        "beta1": config.betas[0],
        "beta2": config.betas[1],
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
    patches, visible, tokens = batch
    patches = patches.to(network.head.weight.dtype)
    results = {f"parameter.{name}": p.detach().clone() for name, p in network.named_parameters()}

    outputs = network(patches, visible)
    losses = objective(outputs, tokens, config)
    losses.total.backward()
    results |= {f"output.{name}": getattr(outputs, name).detach() for name in ("encoder", "decoder", "logits")}
    results |= {f"loss.{name}": loss.detach() for name, loss in losses._asdict().items()}
    results |= {f"gradient.{name}": p.grad.clone() for name, p in network.named_parameters()}
    if patches.dtype == torch.float64:
        check_gradients(network, (patches, visible, tokens), config)

    optimizer = adamw(network, config, LEARNING_RATE)
    curve = [step(network, optimizer, (patches, visible, tokens), config) for _ in range(STEPS)]
    results["loss.curve"], results["norms"] = torch.tensor(curve, dtype=torch.float64).T.contiguous()
    return results | {f"trained.{name}": p.detach() for name, p in network.named_parameters()}


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
    print(f"  and the key bias after {STEPS} steps {worst_key_bias:.1e}, where its gradient is rounding alone")
    require(max(worst.values()) < 1e-3, f"float32 and float64 disagree: {worst}")


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
