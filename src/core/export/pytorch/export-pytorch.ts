import type { Classifier } from '../../classifier/classifier.ts';
import { writeClassifier } from '../../classifier/file.ts';
import type { FitMode } from '../../image/fit.ts';
import { buildModel } from '../../model/build.ts';
import { modelSource } from './model-source.ts';

export interface PytorchExport {
  /** One readable Python file. */
  readonly source: string;
  /** The weights and class names that it loads: a model file of Fovea. */
  readonly weights: Uint8Array;
}

/**
 * A classifier as PyTorch source and the .safetensors that it loads strictly. What a person or a data set has named
 * (classes, the model) stands in the weights' metadata only, so it is never code; ids of layers are letters, digits,
 * underscores and dots.
 *
 * @param weightsFile the name of the .safetensors, which lies beside the source.
 */
export function exportPytorch(classifier: Classifier, weightsFile: string): PytorchExport {
  const { model, preprocessing } = classifier;
  const { layers } = buildModel(model, { training: false, inputType: 'float32' });
  const [height, width, channels] = model.input;
  const source = `"""A picture classifier, trained with Fovea and written as PyTorch.

    python THIS_FILE.py PICTURE ...

Needs torch, safetensors and, for pictures from files, Pillow. The weights and the names of the classes are
in the .safetensors file beside this one.
"""
import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import nn

WEIGHTS = Path(__file__).with_name(${pythonText(weightsFile)})
# Pictures: height, width, channels (1: grey, 3: red, green, blue).
HEIGHT, WIDTH, CHANNELS = ${height}, ${width}, ${channels}
# Per channel, of pixels in 0 to 1.
MEAN = ${list(preprocessing.mean)}
STD = ${list(preprocessing.std)}


${modelSource(layers)}


def load(path=WEIGHTS):
    """The model with its weights, in evaluation mode, and the names of its classes."""
    model = Model()
    with safe_open(path, framework="pt") as file:
        model.load_state_dict({name: file.get_tensor(name) for name in file.keys()}, strict=True)
        classes = json.loads(file.metadata()["fovea.classes"])
    return model.eval(), classes


def normalise(pixels):
    """uint8 [n, HEIGHT, WIDTH, CHANNELS] to what the model takes."""
    mean, std = (torch.tensor(values).view(1, CHANNELS, 1, 1) for values in (MEAN, STD))
    return (pixels.permute(0, 3, 1, 2).float() / 255 - mean) / std


def prepare(picture):
    """A PIL picture of any size to uint8 [HEIGHT, WIDTH, CHANNELS]."""
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(picture).convert("RGB" if CHANNELS == 3 else "L")
${fits[preprocessing.fit]}
    data = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    return data.view(HEIGHT, WIDTH, CHANNELS)


if __name__ == "__main__":
    from PIL import Image

    model, classes = load()
    for name in sys.argv[1:]:
        with Image.open(name) as picture, torch.no_grad():
            probabilities = model(normalise(prepare(picture)[None])).softmax(dim=1)[0]
        best = int(probabilities.argmax())
        print(f"{name}: {json.dumps(classes[best])} {float(probabilities[best]):.1%}")
`;
  return { source, weights: writeClassifier(classifier) };
}

const list = (values: readonly number[]): string => `[${values.join(', ')}]`;

/** A string literal of Python: ASCII, so that JSON's escapes mean the same there. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Pillow's bilinear filter is the one that Fovea resizes with. */
const fits: Readonly<Record<FitMode, string>> = {
  stretch: '    picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)',
  crop: '    picture = ImageOps.fit(picture, (WIDTH, HEIGHT), Image.Resampling.BILINEAR)',
  pad: '    picture = ImageOps.pad(picture, (WIDTH, HEIGHT), Image.Resampling.BILINEAR)',
};
