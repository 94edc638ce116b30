"""Any Pillow image to 8-bit gray on white, the way a viewer would show it."""

from __future__ import annotations

from PIL import Image, ImageOps

_DEEP = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
SAME_ASPECT = 1.2  # beyond this ratio of resolutions letters are visibly squeezed
FAX_ASPECT = 4.5  # beyond this the resolutions themselves are not to be believed


def to_gray(image: Image.Image) -> Image.Image:
    """`image` in mode "L": transparency on white, deep samples rescaled, EXIF turns applied."""
    image = ImageOps.exif_transpose(image)
    if image.mode in _DEEP:
        return _rescaled(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _on_white(image)
    if image.mode in ("L", "1"):
        return image.convert("L")
    return image.convert("RGB").convert("L")


def _rescaled(image: Image.Image) -> Image.Image:
    """Samples of more than 8 bits, so that the brightest becomes white.

    Scanners put 10, 12 or 16 bits into a 16-bit sample and do not say which.
    """
    import numpy as np  # takes a tenth of a second, and most files do without

    samples = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = min(0.0, float(samples.min())), float(samples.max())
    samples = (samples - low) * (255.0 / max(high - low, 1e-6))
    return Image.fromarray(np.clip(samples, 0, 255).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    colour = image.convert("RGBA")
    white = Image.new("RGBA", colour.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, colour).convert("L")


def square_pixels(image: Image.Image, resolution: tuple[float, float]) -> tuple[Image.Image, float]:
    """The image with as many pixels an inch down as across, and that number.

    A standard-resolution fax has 204 across and 98 down: the coarse axis is stretched.
    """
    across, down = resolution
    ratio = across / down
    if max(ratio, 1 / ratio) < SAME_ASPECT or max(ratio, 1 / ratio) > FAX_ASPECT:
        return image, across
    fine = max(across, down)
    size = round(image.width * fine / across), round(image.height * fine / down)
    return image.resize(size, Image.Resampling.BICUBIC), fine
