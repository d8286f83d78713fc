"""Writes data/heic/iphone_grid.heic: a HEIC picture put together as iPhones do it, drawn here.

An iPhone cuts a photo into tiles, encodes each as an HEVC picture, joins them by a 'grid' item that is a little smaller than
its tiles together, and says by 'irot' how the whole is turned. heif-enc (package libheif-examples) encodes the tiles; the
container (ISO/IEC 23008-12) is written here, because heif-enc writes no grids. Needs Pillow. Run in tests/golden.
"""

import pathlib
import struct
import subprocess
import tempfile

from PIL import Image

TILE, COLUMNS, ROWS = 64, 3, 2
WIDTH, HEIGHT = 176, 112  # of the grid before it is turned: the last tiles are cut
TURNS = 3  # quarters counter-clockwise, as iPhones held upright write: 112 x 176 in the end


def drawing() -> Image.Image:
    """Upright, four quarters of different colours, a brightness that falls from left to right within each."""
    upright = Image.new("RGB", (HEIGHT, WIDTH))
    colours = [(230, 60, 50), (60, 190, 70), (50, 80, 220), (235, 215, 70)]
    for y in range(WIDTH):
        for x in range(HEIGHT):
            red, green, blue = colours[2 * (y >= WIDTH // 2) + (x >= HEIGHT // 2)]
            upright.putpixel((x, y), (red - x // 4, green - x // 4, blue - x // 4))
    return upright


def box(kind: str, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">I4s", 8 + len(data), kind.encode()) + data


def full(kind: str, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def encode(tile: Image.Image) -> tuple[bytes, bytes]:
    """The decoder's configuration ('hvcC' box) and the data of one tile."""
    with tempfile.TemporaryDirectory() as folder:
        png, heic = f"{folder}/tile.png", f"{folder}/tile.heic"
        tile.save(png)
        subprocess.run(["heif-enc", "-q", "90", "-o", heic, png], check=True, capture_output=True)
        data = pathlib.Path(heic).read_bytes()
    at = data.index(b"hvcC") - 4
    configuration = data[at : at + struct.unpack(">I", data[at : at + 4])[0]]
    at = data.index(b"mdat") - 4
    return configuration, data[at + 8 : at + struct.unpack(">I", data[at : at + 4])[0]]


def main() -> None:
    stored = drawing().rotate(-90 * TURNS, expand=True)  # what the sensor saw
    assert stored.size == (WIDTH, HEIGHT)
    canvas = Image.new("RGB", (TILE * COLUMNS, TILE * ROWS))
    canvas.paste(stored)
    tiles = [
        encode(canvas.crop((TILE * c, TILE * r, TILE * (c + 1), TILE * (r + 1)))) for r in range(ROWS) for c in range(COLUMNS)
    ]
    configuration = tiles[0][0]
    assert all(other == configuration for other, _ in tiles)
    ids = list(range(1, len(tiles) + 1))
    grid = len(tiles) + 1
    items = [data for _, data in tiles] + [struct.pack(">4B2H", 0, 0, ROWS - 1, COLUMNS - 1, WIDTH, HEIGHT)]
    entries = [
        full("infe", struct.pack(">HH4s", i, 0, b"grid" if i == grid else b"hvc1"), b"\0", version=2, flags=i != grid)
        for i in [*ids, grid]
    ]
    properties = box(
        "ipco",
        configuration,
        full("ispe", struct.pack(">II", TILE, TILE)),
        full("ispe", struct.pack(">II", WIDTH, HEIGHT)),
        box("irot", bytes([TURNS])),
        box("colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80)),
    )
    uses = [(i, [0x81, 2, 5]) for i in ids] + [(grid, [3, 0x84, 5])]
    association = full(
        "ipma",
        struct.pack(">I", len(uses)),
        *(struct.pack(">HB", i, len(list_)) + bytes(list_) for i, list_ in uses),
    )
    head = box("ftyp", b"heic", bytes(4), b"mif1heic")

    def meta(first: int) -> bytes:
        places, at = b"", first
        for i, data in zip([*ids, grid], items, strict=True):
            places += struct.pack(">HHHII", i, 0, 1, at, len(data))
            at += len(data)
        return full(
            "meta",
            full("hdlr", bytes(4), b"pict", bytes(13)),
            full("pitm", struct.pack(">H", grid)),
            full("iinf", struct.pack(">H", len(entries)), *entries),
            full("iref", box("dimg", struct.pack(f">HH{len(ids)}H", grid, len(ids), *ids))),
            box("iprp", properties, association),
            full("iloc", bytes([0x44, 0]), struct.pack(">H", len(items)), places),
        )

    begin = len(head) + len(meta(0)) + 8
    data = head + meta(begin) + box("mdat", *items)
    path = pathlib.Path(__file__).parent / "data/heic/iphone_grid.heic"
    path.write_bytes(data)
    print(path, len(data), "bytes")


if __name__ == "__main__":
    main()
