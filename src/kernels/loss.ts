// Softmax cross-entropy. Per image in float32 powers and float64 sums; over the batch in image order, in float64.

import { float, int, ptr } from './common';
import { rowMaximum, rowPowers } from './softmax';

/** Words of a reduction: 'none', 'sum', 'mean'; equal to core/plan/lowerings/loss.ts. */
const NONE: i32 = 0;
const MEAN: i32 = 2;

/** Weight of a class; 1 where there are no weights. */
// @ts-ignore: decorator
@inline
function weightOf(weights: usize, c: i32): f64 {
  return weights ? <f64>load<f32>(weights + (<usize>c << 2)) : 1;
}

/** log Σ e^x of a row, less its largest element. Uses `room`, one row. */
// @ts-ignore: decorator
@inline
function logSum(x: usize, room: usize, row: usize, largest: f32): f64 {
  return Math.log(<f64>rowPowers(x, room, row, largest));
}

/** Σ of the weights of the labels that count. */
function totalWeight(labels: usize, weights: usize, n: i32, ignores: i32, ignored: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const label = load<i32>(labels + (<usize>i << 2));
    if (!ignores || label != ignored) sum += weightOf(weights, label);
  }
  return sum;
}

/**
 * Loss of each image. A chunk: `block` images. Scratch: a row. weights: 0 where absent.
 * args: logits, labels, weights, losses, classes, block, smoothing, ignores 0/1, ignored label.
 */
export function softmaxCrossEntropy_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const classes = int(args, 4);
  const row = <usize>classes << 2;
  const weights = ptr(args, 2);
  const smoothing = <f64>float(args, 6);
  const from = chunk * int(args, 5);
  const to = min(from + int(args, 5), n);
  for (let image = from; image < to; image++) {
    const label = load<i32>(ptr(args, 1) + (<usize>image << 2));
    let loss: f64 = 0;
    if (!int(args, 7) || label != int(args, 8)) {
      const x = ptr(args, 0) + <usize>image * row;
      const largest = rowMaximum(x, row);
      const rest = logSum(x, scratch, row, largest);
      loss = weightOf(weights, label) * surprise(x, label, largest, rest);
      if (smoothing > 0) {
        let uniform: f64 = 0;
        for (let c = 0; c < classes; c++) uniform += weightOf(weights, c) * surprise(x, c, largest, rest);
        loss = (1 - smoothing) * loss + (smoothing / <f64>classes) * uniform;
      }
    }
    store<f32>(ptr(args, 3) + (<usize>image << 2), <f32>loss);
  }
}

/** -log p of a class. */
// @ts-ignore: decorator
@inline
function surprise(x: usize, c: i32, largest: f32, rest: f64): f64 {
  return <f64>largest - <f64>load<f32>(x + (<usize>c << 2)) + rest;
}

/**
 * Loss of each image with target probabilities. A chunk: `block` images. Scratch: a row.
 * args: logits, targets, weights, losses, classes, block, smoothing.
 */
export function softmaxCrossEntropySoft_forward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const classes = int(args, 4);
  const row = <usize>classes << 2;
  const smoothing = <f64>float(args, 6);
  const from = chunk * int(args, 5);
  const to = min(from + int(args, 5), n);
  for (let image = from; image < to; image++) {
    const x = ptr(args, 0) + <usize>image * row;
    const target = ptr(args, 1) + <usize>image * row;
    const largest = rowMaximum(x, row);
    const rest = logSum(x, scratch, row, largest);
    let loss: f64 = 0;
    for (let c = 0; c < classes; c++) {
      loss += softShare(target, ptr(args, 2), c, smoothing, classes) * surprise(x, c, largest, rest);
    }
    store<f32>(ptr(args, 3) + (<usize>image << 2), <f32>loss);
  }
}

/** w_c ((1 - ε) target_c + ε / classes). */
// @ts-ignore: decorator
@inline
function softShare(target: usize, weights: usize, c: i32, smoothing: f64, classes: i32): f64 {
  const share = (1 - smoothing) * <f64>load<f32>(target + (<usize>c << 2)) + smoothing / <f64>classes;
  return weightOf(weights, c) * share;
}

/**
 * Adds the images' losses in their order; 'mean' divides by the labels' weights, or by n where labels is 0. One chunk.
 * args: losses, labels, weights, loss, reduction, ignores 0/1, ignored label.
 */
export function softmaxCrossEntropy_reduce(args: usize, chunk: i32, n: i32, scratch: usize): void {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += <f64>load<f32>(ptr(args, 0) + (<usize>i << 2));
  if (int(args, 4) == MEAN) {
    const labels = ptr(args, 1);
    sum /= labels ? totalWeight(labels, ptr(args, 2), n, int(args, 5), int(args, 6)) : <f64>n;
  }
  store<f32>(ptr(args, 3), <f32>sum);
}

/**
 * Gradient by the logits. A chunk: `block` images.
 * args: logits, labels, weights, gradient, gradLogits, classes, block, smoothing, reduction, ignores 0/1, ignored label.
 */
export function softmaxCrossEntropy_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const labels = ptr(args, 1);
  const weights = ptr(args, 2);
  const classes = int(args, 5);
  const row = <usize>classes << 2;
  const smoothing = <f64>float(args, 7);
  const reduction = int(args, 8);
  const divisor = reduction == MEAN ? totalWeight(labels, weights, n, int(args, 9), int(args, 10)) : 1;
  const uniform = smoothing / <f64>classes;
  let allWeights: f64 = 0;
  for (let c = 0; c < classes; c++) allWeights += weightOf(weights, c);
  const from = chunk * int(args, 6);
  const to = min(from + int(args, 6), n);
  for (let image = from; image < to; image++) {
    const label = load<i32>(labels + (<usize>image << 2));
    const y = ptr(args, 4) + <usize>image * row;
    if (int(args, 9) && label == int(args, 10)) {
      memory.fill(y, 0, row);
      continue;
    }
    const x = ptr(args, 0) + <usize>image * row;
    const scale = <f64>load<f32>(ptr(args, 3) + (reduction == NONE ? <usize>image << 2 : 0)) / divisor;
    const own = (1 - smoothing) * weightOf(weights, label);
    const factor = (own + uniform * allWeights) / <f64>rowPowers(x, y, row, rowMaximum(x, row));
    for (let c = 0; c < classes; c++) {
      const target = uniform * weightOf(weights, c) + (c == label ? own : 0);
      const at = y + (<usize>c << 2);
      store<f32>(at, <f32>(scale * (<f64>load<f32>(at) * factor - target)));
    }
  }
}

/**
 * Gradient by the logits with target probabilities. A chunk: `block` images.
 * args: logits, targets, weights, gradient, gradLogits, classes, block, smoothing, reduction.
 */
export function softmaxCrossEntropySoft_backward(args: usize, chunk: i32, n: i32, scratch: usize): void {
  const weights = ptr(args, 2);
  const classes = int(args, 5);
  const row = <usize>classes << 2;
  const smoothing = <f64>float(args, 7);
  const reduction = int(args, 8);
  const divisor: f64 = reduction == MEAN ? <f64>n : 1;
  const from = chunk * int(args, 6);
  const to = min(from + int(args, 6), n);
  for (let image = from; image < to; image++) {
    const x = ptr(args, 0) + <usize>image * row;
    const target = ptr(args, 1) + <usize>image * row;
    const y = ptr(args, 4) + <usize>image * row;
    const scale = <f64>load<f32>(ptr(args, 3) + (reduction == NONE ? <usize>image << 2 : 0)) / divisor;
    let shares: f64 = 0;
    for (let c = 0; c < classes; c++) shares += softShare(target, weights, c, smoothing, classes);
    const factor = shares / <f64>rowPowers(x, y, row, rowMaximum(x, row));
    for (let c = 0; c < classes; c++) {
      const at = y + (<usize>c << 2);
      const share = softShare(target, weights, c, smoothing, classes);
      store<f32>(at, <f32>(scale * (<f64>load<f32>(at) * factor - share)));
    }
  }
}
