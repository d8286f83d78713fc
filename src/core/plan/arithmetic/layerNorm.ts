import { channelsOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { rowsOf } from '../lowerings/cuts.ts';
import type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
import { sumOfBlocks } from './batchNorm.ts';
import {
  apply,
  difference,
  double,
  type Expression,
  element,
  maximum,
  named,
  number,
  product,
  quotient,
  single,
  sum,
} from './expression.ts';
import { laneSum } from './lanes.ts';

const square = (x: Expression): Expression => product(x, x);
const layerEps = ({ node }: ArithmeticRequest): Expression =>
  number(Math.fround(numberOf(node.attributes, 'eps')), 'eps');

const layerNorm: Arithmetic = {
  op: 'layerNorm',
  formula: '(x - mean) / √(variance + eps) · weight + bias, over the channels of a pixel',
  expressionOf(request) {
    const { node, output, element: at } = request;
    const channels = channelsOf(node.inputs[0]);
    const row = output === 0 ? Math.floor(at / channels) : at;
    const xs = Array.from({ length: channels }, (_, c) => element(0, row * channels + c));
    const count = number(channels, 'channels');
    const mean = named('mean', quotient(laneSum(xs), count));
    const deviations = xs.map((x) => difference(x, mean));
    const rest = named('what rounding took from the mean', quotient(laneSum(deviations), count));
    const spread = quotient(named('Σ deviation²', single(laneSum(deviations.map(square)))), count);
    const variance = maximum([difference(spread, square(single(rest))), number(0)]);
    const inverse = named(
      '1 / deviation',
      double(quotient(number(1), apply('root', sum([variance, layerEps(request)])))),
    );
    if (output === 1) return double(sum([single(mean), single(rest)]));
    if (output === 2) return inverse;
    const c = at % channels;
    const normal = product(difference(difference(element(0, at), mean), rest), inverse);
    const hasAffine = node.inputs.length > 1;
    return sum([
      product(normal, hasAffine ? element(1, c) : number(1, 'no weight')),
      hasAffine ? element(2, c) : number(0, 'no bias'),
    ]);
  },
};

/** Σ term over all rows of a channel: rows of a block in float32, blocks in float64; the partial sums of a block. */
const layerNormBackward: Arithmetic = {
  op: 'layerNormBackward',
  formula: '(g - mean of g - n · mean of g n) / deviation, g = gradient · weight, n = normalised input',
  expressionOf(request) {
    const { node, output, element: at } = request;
    const channels = channelsOf(node.inputs[0]);
    const c = at % channels;
    const normal = (place: number): Expression => {
      const row = Math.floor(place / channels);
      return product(difference(element(0, place), element(2, row)), element(3, row));
    };
    const blockOf = rowsOf(node.inputs[0]).block;
    if (output === 1) {
      const term = (row: number): Expression => product(element(1, row * channels + c), normal(row * channels + c));
      return double(sumOfBlocks(request, term, blockOf));
    }
    if (output === 2) return double(sumOfBlocks(request, (row) => element(1, row * channels + c), blockOf));
    const row = Math.floor(at / channels);
    const scaled = (place: number): Expression =>
      product(element(1, place), node.inputs.length > 4 ? element(4, place % channels) : number(1, 'no weight'));
    const places = Array.from({ length: channels }, (_, i) => row * channels + i);
    const share = number(1 / channels, '1 / channels');
    const mean = named('mean of g', product(laneSum(places.map(scaled)), share));
    const slope = named('mean of g n', product(laneSum(places.map((p) => product(scaled(p), normal(p)))), share));
    return product(element(3, row), difference(scaled(at), sum([mean, product(normal(at), slope)])));
  },
};

/** Rows of a block of sums, and those whose mean a block's sums are taken about: kernels/groupNorm.ts, rows.ts. */
const groupNormRows = 1024;
const shiftRows = 16;

interface Block {
  readonly rows: Expression;
  readonly shift: Expression;
  readonly sum: Expression;
  readonly squares: Expression;
}

/** Sums of one channel of one picture, block by block, as kernels/rows.ts takes them. */
function blocksOf(first: number, pixels: number, channels: number): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < pixels; from += groupNormRows) {
    const rows = Math.min(groupNormRows, pixels - from);
    const xs = Array.from({ length: rows }, (_, i) => element(0, first + (from + i) * channels));
    const head = xs.slice(0, shiftRows);
    const start = number(0, 'start');
    const shift = single(product(sum([start, ...head]), number(1 / head.length, 'share')));
    const far = xs.map((x) => difference(x, shift));
    blocks.push({
      rows: number(rows, 'rows'),
      shift,
      sum: single(sum([start, ...far])),
      squares: single(sum([start, ...far.map(square)])),
    });
  }
  return blocks;
}

/** Places of the group that a channel belongs to, and how a picture lies. */
function groupOf({ node, element: at, output }: ArithmeticRequest) {
  const [x] = node.inputs;
  const channels = channelsOf(x);
  const pixels = sizeOf(x.shape) / channels;
  const groups = numberOf(node.attributes, 'groups');
  const perGroup = channels / groups;
  const isPart = output > 0;
  const image = Math.floor(at / (isPart ? groups : pixels * channels));
  const group = isPart ? at % groups : Math.floor((at % channels) / perGroup);
  const members = Array.from({ length: perGroup }, (_, i) => group * perGroup + i);
  return { channels, pixels, image, group, groups, members, first: image * pixels * channels };
}

const groupNorm: Arithmetic = {
  op: 'groupNorm',
  formula: '(x - mean) / √(variance + eps) · weight + bias, over the channels and pixels of a group',
  expressionOf(request) {
    const { node, output, element: at } = request;
    const { channels, pixels, members, first } = groupOf(request);
    const count = number(members.length * pixels, 'count');
    const byChannel = members.map((c) => blocksOf(first + c, pixels, channels));
    // Block after block, and in it channel after channel.
    const blocks = byChannel[0].flatMap((_, b) => byChannel.map((list) => list[b]));
    const total = sum(blocks.map(({ shift, rows, sum: far }) => sum([product(shift, rows), far])));
    const mean = named('mean', quotient(total, count));
    const two = number(2);
    const squares = sum(
      blocks.map(({ shift, rows, sum: far, squares: part }) => {
        const e = difference(shift, mean);
        return sum([part, product(e, sum([product(two, far), product(e, rows)]))]);
      }),
    );
    const variance = quotient(maximum([squares, number(0)]), count);
    const inverse = named('1 / deviation', quotient(number(1), apply('root', sum([variance, layerEps(request)]))));
    const rounded = double(mean);
    if (output === 1) return rounded;
    if (output === 2) return double(inverse);
    const c = at % channels;
    const hasAffine = node.inputs.length > 1;
    const factor = hasAffine ? product(inverse, element(1, c)) : inverse;
    const bias = hasAffine ? element(2, c) : number(0, 'no bias');
    const shift = double(difference(bias, product(difference(mean, rounded), factor)));
    return sum([product(difference(element(0, at), rounded), named('scale', double(factor))), named('shift', shift)]);
  },
};

const groupNormBackward: Arithmetic = {
  op: 'groupNormBackward',
  formula: '(g - mean of g - n · mean of g n) / deviation, g = gradient · weight, n = normalised input',
  expressionOf(request) {
    const { node, n, output, element: at } = request;
    const { channels, pixels, groups, members, image, group } = groupOf({ ...request, output: 0 });
    const perGroup = members.length;
    const weightOf = (c: number): Expression => (node.inputs.length > 4 ? element(4, c) : number(1, 'no weight'));
    const sumsOf = (picture: number, c: number) => {
      const part = element(2, picture * groups + Math.floor(c / perGroup));
      const place = (row: number): number => row * channels + c;
      const range: [number, number] = [picture * pixels, (picture + 1) * pixels];
      const over = (term: (row: number) => Expression) => sumOfBlocks(request, term, groupNormRows, range);
      return {
        bias: over((row) => element(1, place(row))),
        slope: over((row) => product(element(1, place(row)), difference(element(0, place(row)), part))),
      };
    };
    if (output > 0) {
      const parts = Array.from({ length: n }, (_, picture) => {
        const { bias, slope } = sumsOf(picture, at);
        const inverse = element(3, picture * groups + Math.floor(at / perGroup));
        return double(output === 1 ? product(slope, inverse) : bias);
      });
      return double(sum(parts));
    }
    const inverse = element(3, image * groups + group);
    const byMember = members.map((c) => ({ weight: weightOf(c), ...sumsOf(image, c) }));
    const total = (of: 'bias' | 'slope') => sum(byMember.map((one) => product(one.weight, one[of])));
    const count = number(perGroup * pixels, 'count');
    const minus = product(number(-1), inverse);
    const slope = double(quotient(product(minus, inverse, inverse, total('slope')), count));
    const offset = double(quotient(product(minus, total('bias')), count));
    const scale = double(product(weightOf(at % channels), inverse));
    const far = difference(element(0, at), element(2, image * groups + group));
    return sum([product(element(1, at), scale), product(far, named('slope', slope)), named('offset', offset)]);
  },
};

export const rowNormArithmetic: readonly Arithmetic[] = [layerNorm, layerNormBackward, groupNorm, groupNormBackward];
