"""Reads and writes .safetensors of float32: 8 bytes length, a JSON header, the tensors' bytes. Never pickle, which
would run whatever a file says."""

import json
import os
import secrets

import numpy as np


def read_tensors(path):
    """Arrays by name, and the metadata. Raises ValueError for a file that is no such file or is cut short."""
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or not 2 <= length <= min(len(content) - 8, 16 * 2**20):
        raise ValueError(f"Expected a safetensors file for '{path}' but received other bytes")
    header = json.loads(content[8 : 8 + length])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        count = int(np.prod(entry["shape"], dtype=np.int64))
        if entry["dtype"] != "F32" or end - begin != 4 * count or not 0 <= begin <= end <= len(content) - 8 - length:
            raise ValueError(f"Expected float32 within the file for tensor '{name}' of '{path}'")
        tensors[name] = np.frombuffer(content, "<f4", count, 8 + length + begin).reshape(entry["shape"]).copy()
    return tensors, metadata


def tensor_bytes(tensors, metadata):
    header, pieces, at = {"__metadata__": metadata}, [], 0
    for name, array in tensors.items():
        array = np.asarray(array, dtype="<f4")
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        pieces.append(array.tobytes())
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *pieces])


def write_whole(path, content):
    """Whole or not at all: written beside, flushed to the disk, and renamed into place."""
    beside = f"{path}.{secrets.token_hex(4)}.partial"
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise
