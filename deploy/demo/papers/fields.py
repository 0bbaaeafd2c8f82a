"""Smooth fields of numbers, made small and enlarged: light and clouds without the cost of full size."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float64]


def to_image(values: Field, size: tuple[int, int]) -> Image.Image:
    """Values from 0 to 1 as a grey picture of the given size."""
    grey = Image.fromarray(np.clip(values * 255.0 + 0.5, 0, 255).astype(np.uint8))
    return grey.resize(size, Image.Resampling.BICUBIC)


def clouds(shape: tuple[int, int], octaves: int, rng: np.random.Generator) -> Field:
    """Noise between 0 and 1 in which coarse forms are strong and fine ones faint."""
    rows, columns = shape
    total = np.zeros(shape)
    for octave in range(octaves):
        cells = 3 * 2**octave
        coarse = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        fine = coarse.resize((columns, rows), Image.Resampling.BICUBIC)
        total += np.asarray(fine, dtype=np.float64) / 2**octave
    low, high = total.min(), total.max()
    return np.asarray((total - low) / max(high - low, 1e-9))


def grid(shape: tuple[int, int]) -> tuple[Field, Field]:
    """Coordinates from 0 to 1: down, across."""
    rows, columns = shape
    down = np.repeat(np.linspace(0.0, 1.0, rows)[:, None], columns, axis=1)
    across = np.repeat(np.linspace(0.0, 1.0, columns)[None, :], rows, axis=0)
    return down, across
