"""Truth table of decoding: what a file holds, written by hand, and the 8-bit RGB it must become."""

import io
import struct
import zlib

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.decoding import decode_rgb, deep_values, read_header, to_file

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
#: Two rows, three columns, no symmetry: every turn and every mix-up of channels shows.
FLAG = np.array([[RED, GREEN, BLUE], [WHITE, BLACK, RED]], dtype=np.uint8)


def file(image, kind="PNG", **options):
    buffer = io.BytesIO()
    (PIL.Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(buffer, format=kind, **options)
    return buffer.getvalue()


def decoded(content, side=1000, window=None):
    return decode_rgb(content, side, window)


def reason(content):
    with pytest.raises(UnreadableCellError) as caught:
        decoded(content)
    return caught.value.reason


def greys(content, window=None):
    pixels = decoded(content, window=window)
    assert (pixels == pixels[..., :1]).all()
    return pixels[..., 0].tolist()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_lossless_formats_give_the_very_pixels(kind):
    np.testing.assert_array_equal(decoded(file(FLAG, kind)), FLAG)


@pytest.mark.parametrize("kind", ["WEBP", "JPEG2000"])
def test_lossless_variants_of_other_formats_too(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    np.testing.assert_array_equal(decoded(file(FLAG, kind, **options)), FLAG)


def test_jpeg_is_close():
    image = np.full((16, 16, 3), (200, 60, 30), dtype=np.uint8)
    assert abs(decoded(file(image, "JPEG", quality=95)).astype(int) - image).max() <= 3


def test_one_channel_and_one_bit():
    assert greys(file(np.array([[0, 100, 255]], dtype=np.uint8))) == [[0, 100, 255]]
    assert greys(file(PIL.Image.fromarray(np.array([[True, False]])))) == [[255, 0]]


def test_transparency_becomes_white():
    rgba = np.array([[(*RED, 255), (*RED, 0), (*BLACK, 128)]], dtype=np.uint8)
    assert decoded(file(rgba)).tolist() == [[[255, 0, 0], [255, 255, 255], [127, 127, 127]]]
    assert greys(file(np.array([[(0, 255), (0, 0)]], dtype=np.uint8))) == [[0, 255]]


def test_transparent_entries_of_a_palette_and_transparent_colours_become_white():
    picture = PIL.Image.new("P", (3, 1))
    picture.putpalette([*RED, *GREEN, *BLUE])
    picture.putdata([0, 1, 2])
    assert decoded(file(picture)).tolist() == [[list(RED), list(GREEN), list(BLUE)]]
    assert decoded(file(picture, transparency=1)).tolist() == [[list(RED), list(WHITE), list(BLUE)]]
    assert decoded(file(picture, transparency=b"\xff\x00\x00")).tolist() == [[list(RED), list(WHITE), list(WHITE)]]
    key = PIL.Image.fromarray(FLAG)
    assert decoded(file(key, transparency=GREEN))[0].tolist() == [list(RED), list(WHITE), list(BLUE)]


def test_cmyk_is_ink_on_paper():
    cyan_and_none = np.zeros((16, 16, 4), dtype=np.uint8)
    cyan_and_none[:, :8, 0] = 255
    pixels = decoded(file(PIL.Image.fromarray(cyan_and_none, mode="CMYK"), "JPEG", quality=95)).astype(int)
    assert abs(pixels[8, 2] - (0, 255, 255)).max() <= 6
    assert abs(pixels[8, 13] - (255, 255, 255)).max() <= 6


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
@pytest.mark.parametrize(
    ("orientation", "turns", "mirrored"),
    [
        (1, 0, False),
        (2, 0, True),
        (3, 2, False),
        (4, 2, True),
        (5, 1, True),
        (6, 3, False),
        (7, 3, True),
        (8, 1, False),
    ],
)
def test_orientation_is_applied_once(kind, orientation, turns, mirrored):
    image = np.kron(FLAG, np.ones((16, 16, 1), dtype=np.uint8))
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    # By definition of EXIF: 2 mirrors, 3 is half a turn, 6 and 8 are quarter turns; 5 and 7 mirror, then turn.
    truth = np.rot90(image[:, ::-1] if mirrored else image, turns)
    pixels = decoded(file(image, kind, exif=exif))
    assert pixels.shape == truth.shape
    assert abs(pixels.astype(int) - truth).mean() < 15


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_notes_of_a_camera_do_not_spoil_the_picture():
    content = file(FLAG, "JPEG", exif=b"Exif\x00\x00" + b"MM\x00*\xff\xff\xff\xff" + b"\x07" * 40)
    assert decoded(content).shape == (2, 3, 3)


def test_the_first_frame_of_an_animation_counts():
    frames = [PIL.Image.new("RGB", (4, 4), colour) for colour in (RED, BLUE)]
    for kind in ("GIF", "PNG", "TIFF"):
        content = file(frames[0], kind, save_all=True, append_images=frames[1:])
        assert decoded(content)[0, 0].tolist() == list(RED)


def test_sixteen_bits_use_the_range_that_the_values_need():
    full = np.array([[0, 65535, 32768]], dtype=np.uint16)
    twelve = np.array([[0, 4095, 2048]], dtype=np.uint16)
    for kind in ("PNG", "TIFF"):
        assert greys(file(full, kind)) == [[0, 255, 128]]
        assert greys(file(twelve, kind)) == [[0, 255, 128]]
        assert greys(file(np.array([[0, 200]], dtype=np.uint16), kind)) == [[0, 200]]


def test_sixteen_bits_of_big_endian_and_of_signed_files():
    assert greys(file(PIL.Image.fromarray(np.array([[0, 1023]], dtype=">u2")), "TIFF")) == [[0, 255]]
    assert greys(file(np.array([[-1000, 0, 1000]], dtype=np.int32), "TIFF"), window=(-1000, 1000)) == [[0, 128, 255]]


def test_a_window_is_the_same_scale_for_all_images():
    dark, bright = (np.array([[0, top]], dtype=np.uint16) for top in (500, 4000))
    assert greys(file(dark), window=(0, 4095)) == [[0, 31]]
    assert greys(file(bright), window=(0, 4095)) == [[0, 249]]
    assert greys(file(bright), window=(0, 1000)) == [[0, 255]]


def test_floats_from_zero_to_one_to_255_and_beyond():
    assert greys(file(np.array([[0.0, 0.5, 1.0]], dtype=np.float32), "TIFF")) == [[0, 128, 255]]
    assert greys(file(np.array([[0.0, 17.0, 200.0]], dtype=np.float32), "TIFF")) == [[0, 17, 200]]
    assert greys(file(np.array([[-1.0, 0.0, 1.0]], dtype=np.float32), "TIFF"))[0][1] in (127, 128)
    assert greys(file(np.array([[np.nan, 1.0, 0.2]], dtype=np.float32), "TIFF")) == [[0, 255, 51]]
    assert reason(file(np.full((2, 2), np.nan, dtype=np.float32), "TIFF")) == "no_values"


def test_a_constant_deep_image_is_finite():
    assert greys(file(np.full((1, 2), -7.0, dtype=np.float32), "TIFF")) == [[0, 0]]


def test_deep_values_are_as_the_file_holds_them():
    values = np.array([[0, 40_000], [7, 65_535]], dtype=np.uint16)
    np.testing.assert_array_equal(deep_values(file(values)), values)
    assert read_header(file(values)).deep
    assert not read_header(file(FLAG)).deep


def test_colour_of_sixteen_bits_keeps_the_upper_eight():
    rows = b"".join(b"\x00" + struct.pack(">6H", 0xFFFF, 0, 0x8000, 0x1234, 0xFFFF, 0) for _ in range(2))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    assert decoded(content)[0].tolist() == [[255, 0, 128], [0x12, 255, 0]]


def test_what_is_no_image_says_so():
    assert reason(b"") == "empty_file"
    assert reason(b"a text file named .png, saved by mistake\n" * 10) == "not_an_image"
    assert reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_an_image"
    assert reason(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n") == "not_an_image"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_not_half_grey(kind, share):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    content = file(noise, kind)
    assert reason(content[: int(len(content) * share)]) in {"truncated", "corrupt", "not_an_image"}


def test_a_copy_that_broke_off_and_is_padded_with_zeros_is_refused():
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    content = file(noise, "JPEG")
    half = content[: len(content) // 2]
    assert reason(half + bytes(len(content) - len(half))) == "truncated"
    np.testing.assert_array_equal(decoded(content + bytes(100)), decoded(content))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 30_000])
def test_a_decompression_bomb_is_refused_from_its_header(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    assert reason(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + b"\x35\xaf\x06\x1e") == "too_large"


@pytest.mark.parametrize(
    ("width", "height", "shape"), [(640, 480, (120, 160)), (520, 130, (130, 520)), (2000, 1100, (138, 250))]
)
def test_large_jpeg_files_are_decoded_small_but_never_below_what_is_needed(width, height, shape):
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    image = np.repeat(np.tile(ramp, (height, 1))[..., None], 3, axis=2)
    pixels = decoded(file(image, "JPEG", quality=95), side=100)
    assert pixels.shape[:2] == shape
    assert abs(pixels.mean(axis=(0, 2)) - np.linspace(0, 255, shape[1])).max() < 4


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=20),
)
@pytest.mark.filterwarnings("ignore")
def test_damage_gives_an_image_or_a_reason_nothing_else(kind, changes):
    content = bytearray(file(np.arange(768, dtype=np.uint16).astype(np.uint8).reshape(16, 16, 3), kind))
    for place, value in changes:
        content[place % len(content)] = value
    try:
        pixels = decoded(bytes(content))
    except UnreadableCellError as error:
        told = error.reason
    else:
        told = f"{pixels.dtype} image with {pixels.ndim} axes"
    assert told in {"uint8 image with 3 axes", "truncated", "corrupt", "not_an_image", "too_large"}


@pytest.mark.parametrize(
    "array",
    [FLAG, FLAG[..., 0], FLAG[..., :1], FLAG[..., 0].astype(np.uint16) * 257, FLAG[..., 0].astype(np.float32) / 255],
)
def test_an_image_in_memory_is_read_like_a_file(array):
    truth = FLAG if array.ndim == 3 and array.shape[2] == 3 else np.repeat(FLAG[..., :1], 3, axis=2)
    np.testing.assert_array_equal(decoded(to_file(array)), truth)


def test_pillow_images_keep_transparency_and_orientation():
    picture = PIL.Image.fromarray(FLAG)
    picture.getexif()[0x0112] = 3
    np.testing.assert_array_equal(decoded(to_file(picture)), np.rot90(FLAG, 2))
    clear = PIL.Image.new("RGBA", (2, 2), (0, 0, 0, 0))
    assert (decoded(to_file(clear)) == 255).all()


@pytest.mark.parametrize("array", [np.zeros((2, 2, 7)), np.zeros(5), np.zeros((2, 2), dtype=complex)])
def test_an_array_that_is_no_image_is_refused(array):
    with pytest.raises(UnreadableCellError) as caught:
        to_file(array)
    assert caught.value.reason == "not_an_image"
