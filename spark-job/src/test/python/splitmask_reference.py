"""SplitMask in plain PyTorch: the slow, obvious version that other implementations are compared with.

After El-Nouby et al., "Are Large-scale Datasets Necessary for Self-Supervised Pre-training?" (arXiv 2112.10740).
Two disjoint subsets A and B of an image's patches go through a shared encoder, each alone; a shallow decoder inpaints
the tokens of what a branch did not see; and the descriptors of the two branches have to match.

    losses = objective(network(patches, visible), tokens, config)

The objectives: `splitmask` is both terms; `inpaint` and `match` weigh the other term with 0, so that every parameter
still has a gradient, if only of zeros; `beit` does not split: one branch of all L positions, the unseen patches
replaced by a learned embedding, no decoder, and the encoder's output inpaints.

Letters: N images, S image side, P patch side, L = (S/P)^2 patches, C channels, d = P*P*C values of a patch, K patches
that a branch sees, U = L - K that it does not, D width, H heads, V vocabulary, R branch rows: 2N, of which the first N
are A's, and row b is image b mod N; for beit N. Left out: drop path, the block mask (what is seen is an input here).
"""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

Objective = Literal["splitmask", "inpaint", "match", "beit"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
TOKENIZER_SIDE = 8  # patches are averaged down to 8 x 8 pixels before they are looked up


@dataclass(frozen=True)
class Config:
    """Everything that the network, the objective and the optimiser need to know."""

    image_side: int
    patch_side: int
    width: int
    heads: int
    encoder_depth: int
    vocabulary: int
    decoder_depth: int = 2
    channels: int = 3
    mlp_ratio: int = 4
    norm_epsilon: float = 1e-6
    positions: Literal["learned", "sincos"] = "learned"
    layer_scale: float | None = None
    negatives: Literal["opposite", "both"] = "opposite"
    temperature: float = 0.2
    match_weight: float = 1.0
    weight_decay: float = 0.05
    betas: tuple[float, float] = (0.9, 0.98)
    adam_epsilon: float = 1e-8
    clip: float = 3.0
    objective: Objective = "splitmask"

    def __post_init__(self):
        if self.objective not in get_args(Objective):
            raise ValueError(f"objective {self.objective} is none of {', '.join(get_args(Objective))}")
        if self.image_side % self.patch_side:
            raise ValueError(f"image side {self.image_side} is not a multiple of patch side {self.patch_side}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of {self.heads} heads")
        if self.positions == "sincos" and self.width % 4:
            raise ValueError(f"sincos positions need a width that 4 divides, was {self.width}")

    @property
    def grid(self) -> int:
        return self.image_side // self.patch_side

    @property
    def patches(self) -> int:
        return self.grid**2

    @property
    def patch_values(self) -> int:
        return self.patch_side**2 * self.channels

    @property
    def splits(self) -> bool:
        return self.objective != "beit"

    @property
    def term_weights(self) -> tuple[float, float]:
        """Of the inpaint and of the match term in the total."""
        return float(self.objective != "match"), self.match_weight if self.objective in ("splitmask", "match") else 0.0


def to_metadata(config: Config) -> dict[str, object]:
    """Kebab-case keys; the weights are those that the objective gives the two terms."""
    values = {name.replace("_", "-"): value for name, value in asdict(config).items() if name != "betas"}
    inpaint_weight, match_weight = config.term_weights
    values |= {"inpaint-weight": inpaint_weight, "match-weight": match_weight}
    return values | {"beta1": config.betas[0], "beta2": config.betas[1]}


def from_metadata(metadata: Mapping[str, str]) -> Config:
    """The inverse of to_metadata, from strings; keys that no Config has are ignored."""
    keys = {field.name.replace("_", "-"): field for field in fields(Config) if field.name != "betas"}
    absent = sorted({*keys, "beta1", "beta2"} - set(metadata))
    if absent:
        raise ValueError(f"the metadata lack {', '.join(absent)}")

    readers = {int: int, float: float, float | None: lambda text: None if text == "none" else float(text)}
    values = {field.name: readers.get(field.type, str)(metadata[key]) for key, field in keys.items()}
    return Config(**values, betas=(float(metadata["beta1"]), float(metadata["beta2"])))


def normalise(pixels: Tensor) -> Tensor:
    """uint8 patches [N, L, P*P*3] to the network's input [N, L, d]: (u/255 - mean)/std with ImageNet's, in float32."""
    mean, std = (torch.tensor(values, dtype=torch.float32) for values in (IMAGENET_MEAN, IMAGENET_STD))
    return ((pixels.unflatten(-1, (-1, 3)).float() / 255 - mean) / std).flatten(-2)


def sincos_table(grid: int, width: int) -> Tensor:
    """[L, D]: for patch y*grid + x, [sin xw, cos xw, sin yw, cos yw] with D/4 frequencies w_i = 10000^(-i/(D/4))."""
    quarter = width // 4
    frequencies = 10000.0 ** (-torch.arange(quarter, dtype=torch.float64) / quarter)  # [D/4]
    y, x = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    x, y = (axis.reshape(-1, 1) * frequencies for axis in (x, y))  # [L, D/4] each
    return torch.cat([x.sin(), x.cos(), y.sin(), y.cos()], dim=1)


class Positions(nn.Module):
    """The [L, D] table that encoder and decoder share: a parameter when learned, a constant when sincos."""

    def __init__(self, config: Config):
        super().__init__()
        if config.positions == "learned":
            self.table = nn.Parameter(torch.empty(config.patches, config.width))
        else:
            table = sincos_table(config.grid, config.width).to(torch.get_default_dtype())
            self.register_buffer("table", table, persistent=False)


class Attention(nn.Module):
    """Multi-head self-attention; the rows of qkv are all of q, then k, then v, and in each of them head after head."""

    def __init__(self, config: Config):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.projection = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, D] -> [B, T, D]"""
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)  # [B, H, T, D/H] each
        weights = torch.softmax(q @ k.transpose(-2, -1) * (d // self.heads) ** -0.5, dim=-1)  # [B, H, T, T]
        return self.projection((weights @ v).transpose(1, 2).reshape(b, t, d))


class Block(nn.Module):
    """Pre-norm: x += s1*Attention(LN(x)); x += s2*Mlp(LN(x)); exact (erf) GELU; s is [D], or 1 when off."""

    def __init__(self, config: Config):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.width, eps=config.norm_epsilon)
        self.attention = Attention(config)
        self.norm2 = nn.LayerNorm(config.width, eps=config.norm_epsilon)
        hidden = config.mlp_ratio * config.width
        self.mlp = nn.Sequential(OrderedDict(
            hidden=nn.Linear(config.width, hidden), gelu=nn.GELU(), output=nn.Linear(hidden, config.width)
        ))  # fmt: skip
        scaled = config.layer_scale is not None
        self.scale1, self.scale2 = (nn.Parameter(torch.empty(config.width)) if scaled else 1.0 for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, D] -> [B, T, D]"""
        x = x + self.scale1 * self.attention(self.norm1(x))
        return x + self.scale2 * self.mlp(self.norm2(x))


class Encoder(nn.Sequential):
    """[B, T, D] -> [B, T, D]: blocks named 0, 1, ... and a last LN."""

    def __init__(self, config: Config, depth: int):
        blocks = [(str(i), Block(config)) for i in range(depth)]
        super().__init__(OrderedDict([*blocks, ("norm", nn.LayerNorm(config.width, eps=config.norm_epsilon))]))


class Decoder(Encoder):
    """The same stack, shallower, over all L positions; it owns the embedding [D] of an unseen patch."""

    def __init__(self, config: Config, depth: int):
        super().__init__(config, depth)
        self.mask = nn.Parameter(torch.empty(config.width))

    def assemble(self, encoded: Tensor, visible: Tensor, table: Tensor) -> Tensor:
        """Encoder output [2N, K, D] at the visible positions [2N, K], mask + position at the others: [2N, L, D]."""
        rows, _, width = encoded.shape
        unseen_everywhere = (self.mask + table).expand(rows, -1, -1)  # [2N, L, D]
        return unseen_everywhere.scatter(1, along_width(visible, width), encoded)


class MaskedEncoder(Encoder):
    """The same stack, over all L positions of one branch (beit); it owns the embedding [D] of an unseen patch."""

    def __init__(self, config: Config, depth: int):
        super().__init__(config, depth)
        self.mask = nn.Parameter(torch.empty(config.width))

    def hide(self, embedded: Tensor, unseen: Tensor) -> Tensor:
        """Embedded patches [N, L, D], without positions, with the mask at the unseen positions [N, U]: [N, L, D]."""
        rows, hidden = unseen.shape
        return embedded.scatter(1, along_width(unseen, embedded.shape[2]), self.mask.expand(rows, hidden, -1))


class Outputs(NamedTuple):
    encoder: Tensor  # [R, K, D], after the encoder's LN; beit: [N, L, D]
    decoder: Tensor | None  # [R, L, D], after the decoder's LN; beit: none
    logits: Tensor  # [R, U, V], at the unseen positions
    unseen: Tensor  # [R, U], ascending


class SplitMask(nn.Module):
    """Parameter names: embedding.*, positions.table (learned), encoder.*, decoder.* (beit: encoder.mask), head.*."""

    def __init__(self, config: Config):
        super().__init__()
        self.embedding = nn.Linear(config.patch_values, config.width)
        self.positions = Positions(config)
        self.encoder = (Encoder if config.splits else MaskedEncoder)(config, config.encoder_depth)
        self.decoder = Decoder(config, config.decoder_depth) if config.splits else None
        self.head = nn.Linear(config.width, config.vocabulary)
        initialise(self, config)

    def forward(self, patches: Tensor, visible: Tensor) -> Outputs:
        """Patches [N, L, d], normalised; visible [R, K]: A's rows, then B's, or for beit the images'."""
        unseen = complement(visible, patches.shape[1])  # [R, U]
        return self.split(patches, visible, unseen) if self.decoder is not None else self.whole(patches, unseen)

    def split(self, patches: Tensor, visible: Tensor, unseen: Tensor) -> Outputs:
        """Two branches, each of what it sees, and a decoder that adds the rest."""
        table = self.positions.table  # [L, D]
        width = table.shape[1]

        embedded = (self.embedding(patches) + table).repeat(2, 1, 1)  # [2N, L, D]
        encoded = self.encoder(embedded.gather(1, along_width(visible, width)))  # [2N, K, D]
        decoded = self.decoder(self.decoder.assemble(encoded, visible, table))  # [2N, L, D]
        logits = self.head(decoded.gather(1, along_width(unseen, width)))  # [2N, U, V]
        return Outputs(encoded, decoded, logits, unseen)

    def whole(self, patches: Tensor, unseen: Tensor) -> Outputs:
        """BEiT: one branch of all positions; the encoder's own output inpaints."""
        table = self.positions.table  # [L, D]

        embedded = self.encoder.hide(self.embedding(patches), unseen) + table  # [N, L, D]
        encoded = self.encoder(embedded)  # [N, L, D]
        logits = self.head(encoded.gather(1, along_width(unseen, table.shape[1])))  # [N, U, V]
        return Outputs(encoded, None, logits, unseen)


def initialise(network: SplitMask, config: Config) -> None:
    """Weights, mask and positions normal, std 0.02 cut at 2 sigma; biases 0; LN 1 and 0; layer scale as configured."""
    for name, parameter in network.named_parameters():
        if name.endswith(("scale1", "scale2")):
            nn.init.constant_(parameter, config.layer_scale)
        elif is_matrix(name, parameter) or name in ("decoder.mask", "encoder.mask", "positions.table"):
            nn.init.trunc_normal_(parameter, std=0.02, a=-0.04, b=0.04)
        else:
            nn.init.constant_(parameter, 1.0 if name.endswith("weight") else 0.0)


def along_width(positions: Tensor, width: int) -> Tensor:
    """[B, T] -> [B, T, D], as gather and scatter want their index."""
    return positions.unsqueeze(-1).expand(-1, -1, width)


def uniform_split(images: int, patches: int, ratio: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two disjoint random subsets of K = round((1 - ratio) * L) patches of every image, ratio in [0.5, 1).

    Returns visible_a and visible_b, [N, K] each, ascending; above 0.5 some patches are in neither.
    """
    kept = math.floor((1 - ratio) * patches + 0.5)
    if not 0 < 2 * kept <= patches:
        raise ValueError(f"ratio {ratio} leaves {kept} of {patches} patches to a branch; need 1 to {patches // 2}")
    order = torch.rand(images, patches, generator=generator).argsort(dim=1)
    return order[:, :kept].sort(dim=1).values, order[:, kept : 2 * kept].sort(dim=1).values


def masked_patches(patches: int) -> int:
    """How many of L patches beit hides: 75 of 196, rounded half up, at least 1 and less than L."""
    if patches < 2:
        raise ValueError(f"beit needs a patch to see and one to hide, so 2 at least, was {patches}")
    return min(max((2 * 75 * patches + 196) // (2 * 196), 1), patches - 1)


def uniform_mask(images: int, patches: int, generator: torch.Generator) -> Tensor:
    """For beit: what masked_patches(L) random patches of every image leave visible: [N, K], ascending."""
    order = torch.rand(images, patches, generator=generator).argsort(dim=1)
    return order[:, masked_patches(patches) :].sort(dim=1).values


def complement(visible: Tensor, patches: int) -> Tensor:
    """The positions that a row does not name: [B, K] -> [B, L - K], ascending."""
    rows, kept = visible.shape
    is_unseen = torch.ones(rows, patches, dtype=torch.bool).scatter(1, visible, False)  # True: not seen
    return is_unseen.nonzero()[:, 1].view(rows, patches - kept)


class Losses(NamedTuple):
    inpaint: Tensor
    match: Tensor | None  # beit: none
    total: Tensor


def objective(outputs: Outputs, tokens: Tensor, config: Config) -> Losses:
    """The scalars of a mini-batch whose patches have the tokens [N, L]."""
    inpaint = inpaint_loss(outputs.logits, outputs.unseen, tokens)
    if not config.splits:
        return Losses(inpaint, None, inpaint)

    match = match_loss(outputs.decoder, config.negatives, config.temperature)
    inpaint_weight, match_weight = config.term_weights
    return Losses(inpaint, match, inpaint_weight * inpaint + match_weight * match)


def inpaint_loss(logits: Tensor, unseen: Tensor, tokens: Tensor) -> Tensor:
    """Mean cross-entropy over (branch, image, unseen position): logits [R, U, V], unseen [R, U], tokens [N, L]."""
    targets = tokens.repeat(len(unseen) // len(tokens), 1).gather(1, unseen)  # [R, U]
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def match_loss(decoded: Tensor, negatives: Literal["opposite", "both"], temperature: float) -> Tensor:
    """InfoNCE, mean over the 2N rows of decoded [2N, L, D]; a row's positive is the other branch of its image.

    Candidates are the N rows of the other branch; `both` adds the other images' rows of the row's own branch.
    """
    rows = decoded.shape[0]
    descriptors = F.normalize(decoded.mean(dim=1), dim=-1)  # [2N, D]
    similarity = descriptors @ descriptors.T / temperature  # [2N, 2N]

    row = torch.arange(rows)
    branch = row // (rows // 2)  # 0: A, 1: B
    excluded = row[:, None] == row if negatives == "both" else branch[:, None] == branch  # True: no candidate
    return F.cross_entropy(similarity.masked_fill(excluded, -math.inf), (row + rows // 2) % rows)


def is_matrix(name: str, parameter: Tensor) -> bool:
    """The weights of linear layers: what decays. The position table is two-dimensional, but an embedding."""
    return parameter.dim() == 2 and name != "positions.table"


def adamw(network: SplitMask, config: Config, learning_rate: float) -> torch.optim.AdamW:
    """Decoupled decay on weight matrices; none on biases, LN, layer scale, position table and mask embedding."""
    named = list(network.named_parameters())
    groups = [
        {"params": [p for n, p in named if is_matrix(n, p)], "weight_decay": config.weight_decay},
        {"params": [p for n, p in named if not is_matrix(n, p)], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=config.betas, eps=config.adam_epsilon)


def step(network: SplitMask, optimizer: torch.optim.AdamW, batch: tuple, config: Config) -> tuple[float, float]:
    """One update on (patches, visible, tokens); returns the total loss before it and the norm before the clip."""
    patches, visible, tokens = batch
    total = objective(network(patches, visible), tokens, config).total
    optimizer.zero_grad()
    total.backward()
    norm = nn.utils.clip_grad_norm_(network.parameters(), config.clip)  # scales by min(1, clip / (norm + 1e-6))
    optimizer.step()
    return total.item(), norm.item()


def save_weights(network: SplitMask, path: Path) -> None:
    """A safetensors file of the network's parameters, under their names here, in float32."""
    save_file({name: p.detach().float().contiguous() for name, p in network.named_parameters()}, path)


def load_weights(network: SplitMask, path: Path) -> None:
    """Sets every parameter from a file as save_weights writes it, in the network's own precision; all or nothing."""
    given, wanted = load_file(path), dict(network.named_parameters())
    common = [name for name in wanted if name in given]
    faults = {
        "missing": [name for name in wanted if name not in given],
        "unexpected": [name for name in given if name not in wanted],
        "of another shape": [
            f"{name} {list(given[name].shape)} where {list(wanted[name].shape)} is expected"
            for name in common
            if given[name].shape != wanted[name].shape
        ],
        "not float32": [f"{name} {given[name].dtype}" for name in common if given[name].dtype != torch.float32],
    }
    lines = [f"  {fault}: {', '.join(names)}" for fault, names in faults.items() if names]
    if lines:
        raise ValueError("\n".join([f"{path} does not hold this network's {len(wanted)} parameters", *lines]))

    with torch.no_grad():
        for name, parameter in wanted.items():
            parameter.copy_(given[name])


def token_vectors(patches: Tensor, patch_side: int, centering: Literal["global", "patch", "channel"]) -> Tensor:
    """Unit vectors [..., d'] of uint8 patches [..., P*P*C]: d' = 8*8*C where 8 divides P, else P*P*C. In double."""
    pixels = patches.double().unflatten(-1, (patch_side, patch_side, -1))  # [..., P, P, C]
    if patch_side % TOKENIZER_SIDE == 0:
        factor = patch_side // TOKENIZER_SIDE
        pixels = pixels.unflatten(-2, (TOKENIZER_SIDE, factor)).unflatten(-4, (TOKENIZER_SIDE, factor)).mean((-4, -2))

    mean, std = (torch.tensor(values, dtype=torch.float64) for values in (IMAGENET_MEAN, IMAGENET_STD))
    pixels = (pixels / 255 - mean) / std
    if centering == "patch":
        pixels = pixels - pixels.mean((-3, -2, -1), keepdim=True)
    elif centering == "channel":
        pixels = pixels - pixels.mean((-3, -2), keepdim=True)
    return F.normalize(pixels.flatten(-3), dim=-1)


def tokenize(vectors: Tensor, codebook: Tensor) -> Tensor:
    """The most similar unit vector of the codebook [V, d'] for every vector [..., d']; of equals the lowest: [...]."""
    similarity = vectors @ codebook.to(vectors.dtype).T  # [..., V]
    is_best = similarity == similarity.amax(-1, keepdim=True)
    return torch.where(is_best, torch.arange(len(codebook)), len(codebook)).amin(-1)
