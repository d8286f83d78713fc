import { describe, expect, it } from 'vitest';
import { layers } from '../layers/index.ts';
import { parseShorthand, shorthandOf } from './shorthand.ts';
import { layerOfWord, layerWords } from './shorthand-words.ts';
import { adapt } from './spec.ts';

const layersOf = (line: string) => parseShorthand(line).layers;

describe('parseShorthand', () => {
  it('reads what a person of Keras or PyTorch writes', () => {
    const line =
      'conv 32 3x3 same, relu, pool 2, conv 64, relu, pool 2, flatten, linear 128, relu, dropout 0.5, linear';
    expect(parseShorthand(line)).toEqual({
      format: 'fovea-model',
      version: 1,
      layers: [
        { id: 'conv1', type: 'conv2d', channels: 32, kernelSize: 3, padding: 'same' },
        { id: 'relu1', type: 'relu' },
        { id: 'maxpool1', type: 'maxPool2d', kernelSize: 2 },
        { id: 'conv2', type: 'conv2d', channels: 64, kernelSize: 3 },
        { id: 'relu2', type: 'relu' },
        { id: 'maxpool2', type: 'maxPool2d', kernelSize: 2 },
        { id: 'flatten1', type: 'flatten' },
        { id: 'fc1', type: 'linear', features: 128 },
        { id: 'relu3', type: 'relu' },
        { id: 'dropout1', type: 'dropout', rate: 0.5 },
        { id: 'fc2', type: 'linear' },
      ],
    });
    expect(adapt(parseShorthand(line), { input: [28, 28, 1], classes: 10 }).layers.at(-1)).toMatchObject({
      features: 10,
    });
    expect(shorthandOf(parseShorthand(line))).toBe(line.replace(' 3x3', ''));
  });

  it('takes options by position, by word and by name', () => {
    expect(layersOf('Conv2d 8 3x1 stride=2 padding=1x0 nobias kaimingNormal id=stem.0, gap, linear')[0]).toEqual({
      id: 'stem.0',
      type: 'conv2d',
      channels: 8,
      kernelSize: [3, 1],
      stride: 2,
      padding: [1, 0],
      bias: false,
      initialization: 'kaimingNormal',
    });
  });

  it('joins paths and repeats', () => {
    const line =
      '2*(residual(conv 8 same, bn | conv 8 1), relu), concat(conv 4 same | | pool 3 stride=1 padding=1), gap, linear';
    const parsed = layersOf(line);
    expect(parsed.map(({ id, inputs }) => (inputs ? `${id}(${inputs})` : id))).toEqual([
      'conv1',
      'bn1',
      'conv2(input)',
      'add1(bn1,conv2)',
      'relu1',
      'conv3',
      'bn2',
      'conv4(relu1)',
      'add2(bn2,conv4)',
      'relu2',
      'conv5',
      'maxpool1(relu2)',
      'concat1(conv5,relu2,maxpool1)',
      'globalpool1',
      'fc1',
    ]);
    expect(layersOf(shorthandOf(parseShorthand(line))!)).toEqual(parsed);
  });

  it('knows every layer by its type, and no word twice', () => {
    for (const layer of layers) expect(layerOfWord(layer.type.toUpperCase())).toBe(layer);
    expect(new Set(layerWords).size).toBe(layerWords.length);
    const all = layers.flatMap(({ type, aliases = [] }) => [...new Set([type.toLowerCase(), ...aliases])]);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    ['cnv 32, relu', "Expected a layer for layer 1 ('cnv 32') of the model but received 'cnv'. Did you mean 'conv'?"],
    ['conv 32 relu, linear', "received 'relu'. Put a comma before 'relu'"],
    ['conv 32 3 4, linear', "Expected no further number for conv2d for layer 1 ('conv 32 3 4') of the model"],
    ['conv 32 stride=x, linear', "Expected a size such as 3 or 3x1 for layer 1 ('conv 32 stride=x')"],
    ['conv 32 strde=2, linear', "Did you mean 'stride'?"],
    ['conv 32 32x3 kernelSize=3, linear', "Expected 'kernelSize' of conv2d once"],
    ['conv, flatten, linear', "layer 'conv1' (conv2d), option 'channels' but received nothing"],
    ['conv 32,, linear', "Expected a layer for place 2 of the model but received ','. Is there a comma too many?"],
    ['residual(conv 3', "Expected ')' or ',' for layer 2 ('conv 3') of the model but received the end"],
    ['conv 3(relu), linear', "Expected ',' before the next layer"],
    ['relu(conv 3), linear', 'Brackets follow add, multiply, concat and residual'],
    ['add(relu), linear', "Expected two or more paths with '|' between them"],
    ['residual(relu|relu|relu), linear', 'Expected a body and at most one shortcut'],
    ['0*(relu), linear', 'Expected 1 to 1000 times'],
    ['relu), linear', "Expected ',' and the next layer"],
    ['', 'Expected layers with commas between them for the model but received none. Such as: flatten, linear'],
    [`${'add('.repeat(80)}`, 'Expected brackets within each other up to 64 deep'],
    ['1000*(1000*(relu)), linear', 'Expected at most 5000 layers'],
    ['relu,'.repeat(30000), 'Expected at most 100000 characters'],
  ])('refuses %.40s', (line, message) => {
    expect(() => parseShorthand(line)).toThrow(message);
  });
});

describe('shorthandOf', () => {
  it('says nothing where it would not be exact', () => {
    const dense = {
      format: 'fovea-model',
      version: 1,
      layers: [
        { id: 'a', type: 'conv2d', channels: 3, kernelSize: 1 },
        { id: 'b', type: 'add', inputs: ['input', 'a'] },
        { id: 'c', type: 'add', inputs: ['a', 'b'] },
        { id: 'd', type: 'globalAvgPool2d' },
        { id: 'e', type: 'linear', features: 3 },
      ],
    } as const;
    expect(shorthandOf(dense)).toBeUndefined();
  });
});
