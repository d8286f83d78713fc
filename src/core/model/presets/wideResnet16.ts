import {
  add,
  batchNorm2d,
  branches,
  conv2d,
  globalAvgPool2d,
  linear,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

const conv = (id: string, channels: number, kernelSize: number, stride: number): Part =>
  conv2d(channels, {
    kernelSize,
    stride,
    padding: (kernelSize - 1) / 2,
    bias: false,
    initialization: 'kaimingNormal',
    id,
  });
const norm = (id: string, i: number): Part[] => [batchNorm2d({ id: `${id}bn${i}` }), relu({ id: `${id}relu${i}` })];

/**
 * A block that normalises before it convolves. Where the channels change, its first norm and activation serve the
 * shortcut too; otherwise the shortcut passes the input on as it came.
 */
function block(id: string, changes: boolean, channels: number, stride: number): Part[] {
  const body = [conv(`${id}conv1`, channels, 3, stride), ...norm(id, 2), conv(`${id}conv2`, channels, 3, 1)];
  const join = add({ id: `${id}add` });
  return changes
    ? [...norm(id, 1), branches(join, body, [conv(`${id}convShortcut`, channels, 1, stride)])]
    : [branches(join, [...norm(id, 1), ...body], [])];
}

/**
 * Zagoruyko and Komodakis 2016, WRN-16-4 without dropout: 16 layers, four times as wide as resnet20. Parameters are
 * named as in the PyTorch version of xternalz.
 */
export const wideResnet16: Preset = {
  name: 'wide-resnet-16-4',
  doc: 'The most accurate for small colour pictures that still trains without tricks: few layers, but wide ones.',
  minimumSize: 4,
  draft: () => {
    const stages = [64, 128, 256].flatMap((channels, stage) =>
      [0, 1].flatMap((i) => block(`block${stage + 1}.layer.${i}.`, i === 0, channels, stage > 0 && i === 0 ? 2 : 1)),
    );
    return sequential([
      conv('conv1', 16, 3, 1),
      ...stages,
      ...norm('', 1),
      globalAvgPool2d({ id: 'avgpool' }),
      linear(undefined, { initialization: 'zeroBias', id: 'fc' }),
    ]);
  },
};
