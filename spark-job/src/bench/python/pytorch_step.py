"""Takes training steps of the PyTorch reference: one for each line on standard input, answered by a line of JSON.

    python pytorch_step.py --width 384 --depth 12 --heads 6 --image-side 224 --patch-side 16 --vocabulary 8192 \
        --batch 16 --threads 1 [--device cuda] [--precision bf16] [--compile]

The step is spark-job/src/test/python/splitmask_reference.py's: forward, backward, clip, AdamW, on a batch of noise that
is there. On CUDA its attention is PyTorch's fused one, as a rival would have it. An answer has imagesPerSecond and
loss. Its first steps are made before the first answer and do not count: PyTorch chooses its kernels, compiles and fills
its caches in them.
"""

import argparse
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "python"))

from splitmask_reference import (  # noqa: E402
    Attention,
    Config,
    SplitMask,
    adamw,
    objective,
    uniform_split,
)

WARMUP_STEPS = 3
LEARNING_RATE = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes steps of the PyTorch reference, one for each line it reads.")
    for name in ("width", "depth", "heads", "image-side", "patch-side", "vocabulary", "batch"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--precision", choices=("float32", "tf32", "bf16"), default="float32")
    parser.add_argument("--compile", action="store_true", help="compile the network and its losses")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    config = Config(
        image_side=arguments.image_side,
        patch_side=arguments.patch_side,
        width=arguments.width,
        heads=arguments.heads,
        encoder_depth=arguments.depth,
        vocabulary=arguments.vocabulary,
    )
    batch = noise(config, arguments.batch)
    if arguments.device == "cuda":
        Attention.forward = fused_attention
        torch.set_float32_matmul_precision("high" if arguments.precision == "tf32" else "highest")
        torch.set_default_device("cuda")
        batch = tuple(tensor.cuda() for tensor in batch)
    take = stepper(config, batch, arguments)
    for _ in range(WARMUP_STEPS):
        take()

    for _ in sys.stdin:
        began = time.perf_counter()
        loss = take()
        seconds = time.perf_counter() - began
        print(json.dumps({"imagesPerSecond": arguments.batch / seconds, "loss": loss}), flush=True)


def stepper(config: Config, batch: tuple, arguments: argparse.Namespace):
    """What takes a step, in the precision asked for, and gives the loss; it has ended on the device by then."""
    network = SplitMask(config)
    optimizer = adamw(network, config, LEARNING_RATE)
    patches, visible, tokens = batch
    bf16 = arguments.precision == "bf16"

    def losses() -> torch.Tensor:
        with torch.autocast(arguments.device, torch.bfloat16) if bf16 else nullcontext():
            return objective(network(patches, visible), tokens, config).total

    compiled = torch.compile(losses) if arguments.compile else losses

    def take() -> float:
        total = compiled()
        optimizer.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(network.parameters(), config.clip)
        optimizer.step()
        loss = total.item()
        if arguments.device == "cuda":
            torch.cuda.synchronize()
        return loss

    return take


def fused_attention(self: Attention, x: torch.Tensor) -> torch.Tensor:
    """The reference's attention, [B, T, D] -> [B, T, D], by PyTorch's fused kernel."""
    b, t, d = x.shape
    q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
    return self.projection(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, t, d))


def noise(config: Config, images: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Patches [N, L, d], visible [2N, K] and tokens [N, L], as the network wants them."""
    generator = torch.Generator().manual_seed(1)
    patches = torch.randn(images, config.patches, config.patch_values, generator=generator)
    visible = torch.cat(uniform_split(images, config.patches, 0.5, generator))
    tokens = torch.randint(config.vocabulary, (images, config.patches), generator=generator)
    return patches, visible, tokens


if __name__ == "__main__":
    main()
