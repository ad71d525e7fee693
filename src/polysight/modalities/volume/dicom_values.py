"""DICOM values: the pixels of a file as the numbers they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Num

from polysight.core.errors import UnreadableCellError
from polysight.modalities.volume.scan import truncated

#: Rec. 601 weights of red, green and blue in lightness.
_LIGHTNESS = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def frame_values(pydicom: Any, header: Any) -> Num[np.ndarray, "frame height width_px"]:
    """The values of all frames of a file: rescaled, light where MONOCHROME1 says dark, grey where coloured.

    Raises:
        UnreadableCellError: ``unknown_transfer_syntax`` or ``truncated``.
    """
    stored = _pixels(pydicom, header)
    if int(getattr(header, "SamplesPerPixel", 1)) > 1:
        stored = (stored[..., :3].astype(np.float32) @ _LIGHTNESS).reshape(stored.shape[:-1])
    stored = stored.reshape(-1, stored.shape[-2], stored.shape[-1])
    scales = [_rescale(header, frame) for frame in range(len(stored))]
    values = stored
    if any(scale != (1.0, 0.0) for scale in scales):
        slopes, intercepts = np.asarray(scales, dtype=np.float32).T
        values = stored * slopes[:, None, None] + intercepts[:, None, None]
    return _light_is_more(header, values, scales)


def _pixels(pydicom: Any, header: Any) -> Num[np.ndarray, "*any"]:
    syntax = header.file_meta.get("TransferSyntaxUID") if hasattr(header, "file_meta") else None
    known = syntax is not None and (syntax.is_transfer_syntax if not syntax.is_private else True)
    if not known:
        raise _unknown(syntax, "which DICOM does not define")
    try:
        return pydicom.pixels.pixel_array(header)
    except (NotImplementedError, RuntimeError) as error:
        if "Unable to decompress" in str(error) or isinstance(error, NotImplementedError):
            raise _unknown(syntax, "which cannot be decoded here") from None
        raise truncated(str(error)[:200]) from None
    except (ValueError, AttributeError, IndexError, KeyError, TypeError) as error:
        raise truncated(str(error)[:200]) from None


def _unknown(syntax: Any, why: str) -> UnreadableCellError:
    what = f"is stored in the transfer syntax {getattr(syntax, 'name', syntax)}, {why}"
    return UnreadableCellError("unknown_transfer_syntax", what, fix="convert it: gdcmconv --raw FILE out.dcm")


def _rescale(header: Any, frame: int) -> tuple[float, float]:
    """Slope and intercept of a frame: its own, those of all frames, or those of the file."""
    own = getattr(header, "PerFrameFunctionalGroupsSequence", None) or []
    shared = getattr(header, "SharedFunctionalGroupsSequence", None) or []
    for group in (*own[frame : frame + 1], *shared[:1]):
        items = getattr(group, "PixelValueTransformationSequence", None)
        if items:
            return _pair(items[0])
    return _pair(header)


def _pair(group: Any) -> tuple[float, float]:
    slope, intercept = getattr(group, "RescaleSlope", None), getattr(group, "RescaleIntercept", None)
    pair = (1.0 if slope is None else float(slope), 0.0 if intercept is None else float(intercept))
    return pair if np.isfinite(pair).all() and pair[0] else (1.0, 0.0)


def _light_is_more(
    header: Any, values: Num[np.ndarray, "frame height width_px"], scales: list[tuple[float, float]]
) -> Num[np.ndarray, "frame height width_px"]:
    # Hounsfield units mean the same however they are shown.
    if header.get("PhotometricInterpretation") != "MONOCHROME1" or header.get("Modality") == "CT":
        return values
    bits, signed = int(header.BitsStored), bool(header.PixelRepresentation)
    ends = np.array([-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] if signed else [0, 2**bits - 1], dtype=np.float64)
    sums: Float[np.ndarray, " frame"] = np.asarray([(ends * slope + intercept).sum() for slope, intercept in scales])
    return (sums[:, None, None] - values).astype(np.float32)
