"""Takes training steps of the PyTorch reference: one for each line on standard input, answered by a line of JSON.

    python pytorch_step.py --width 384 --depth 12 --heads 6 --image-side 224 --patch-side 16 --vocabulary 8192 \
        --batch 16 --threads 1

The step is spark-job/src/test/python/splitmask_reference.py's: eager, float32, forward, backward, clip, AdamW, on a
batch of noise that is there. An answer has imagesPerSecond and loss. Its first steps are made before the first answer
and do not count: PyTorch chooses its kernels and fills its caches in them.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "python"))

from splitmask_reference import Config, SplitMask, adamw, step, uniform_split  # noqa: E402

WARMUP_STEPS = 3
LEARNING_RATE = 1e-3


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes steps of the PyTorch reference, one for each line it reads.")
    for name in ("width", "depth", "heads", "image-side", "patch-side", "vocabulary", "batch"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
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
    network = SplitMask(config)
    optimizer = adamw(network, config, LEARNING_RATE)
    batch = noise(config, arguments.batch)
    for _ in range(WARMUP_STEPS):
        step(network, optimizer, batch, config)

    for _ in sys.stdin:
        began = time.perf_counter()
        loss, _ = step(network, optimizer, batch, config)
        seconds = time.perf_counter() - began
        print(json.dumps({"imagesPerSecond": arguments.batch / seconds, "loss": loss}), flush=True)


def noise(config: Config, images: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Patches [N, L, d], visible [2N, K] and tokens [N, L], as step wants them."""
    generator = torch.Generator().manual_seed(1)
    patches = torch.randn(images, config.patches, config.patch_values, generator=generator)
    visible = torch.cat(uniform_split(images, config.patches, 0.5, generator))
    tokens = torch.randint(config.vocabulary, (images, config.patches), generator=generator)
    return patches, visible, tokens


if __name__ == "__main__":
    main()
