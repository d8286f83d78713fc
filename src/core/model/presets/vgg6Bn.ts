import {
  adaptiveAvgPool2d,
  batchNorm2d,
  conv2d,
  flatten,
  linear,
  maxPool2d,
  type Part,
  relu,
  sequential,
} from '../builder.ts';
import type { Preset } from './preset.ts';

const widths = [16, 16, 32, 32, 48, 48];
/** The feature map before the classifier is brought to at most this size, so that the classifier stays small. */
const largestMap = 4;

/** Six convolutions in the style of VGG (Simonyan and Zisserman 2015) with batch norm; torchvision's names. */
export const vgg6Bn: Preset = {
  name: 'vgg6-bn',
  doc: 'A small net for colour pictures of about 32x32 that trains fast and without surprises.',
  minimumSize: 8,
  draft({ input }) {
    const parts: Part[] = [];
    const next = () => ({ id: `features.${parts.length}` });
    widths.forEach((channels, i) => {
      parts.push(conv2d(channels, { kernelSize: 3, padding: 1, initialization: 'kaimingNormal', ...next() }));
      parts.push(batchNorm2d(next()));
      parts.push(relu(next()));
      if (i % 2 === 1) parts.push(maxPool2d(2, next()));
    });
    const rows = Math.floor(input[0] / 8);
    const columns = Math.floor(input[1] / 8);
    if (rows > largestMap || columns > largestMap) {
      const size = [Math.min(rows, largestMap), Math.min(columns, largestMap)] as const;
      parts.push(adaptiveAvgPool2d(size, { id: 'avgpool' }));
    }
    return sequential([...parts, flatten({ id: 'flatten' }), linear(undefined, { id: 'classifier' })]);
  },
};
