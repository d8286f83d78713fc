// jax-js on its WebAssembly backend (one thread): mnist-cnn, a training step and inference. A step of 8 pictures takes
// seconds, one of 128 a minute: give all sides --batch 8 and side_by_side.py --rounds 3 --warmup 1.
//   node jax.mjs [--batch 128]
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { batch, inputs, numbers, serve } from './serve.mjs';

await init('wasm');
defaultDevice('wasm');

const array = (scale, ...shape) => {
  const data = numbers(shape.reduce((a, b) => a * b)).map((value) => value * scale);
  return np.array(data).reshape(shape);
};
/** Takes the largest of 2x2 pixels of [n, channels, size, size]; an odd last row and column are left out. */
function pool(x, channels, size) {
  const half = Math.floor(size / 2);
  const even = size % 2 === 0 ? x : x.slice([], [], [0, 2 * half], [0, 2 * half]);
  return np.max(np.max(even.reshape([batch, channels, half, 2, half, 2]), 5), 3);
}

// Arrays are counted: `.ref` keeps one that is used again.
function forward(p, x) {
  const bias = (b) => b.reshape([1, b.shape[0], 1, 1]);
  let y = nn.relu(lax.conv(x, p.conv1, [1, 1], 'VALID').add(bias(p.bias1)));
  y = pool(y, 32, 26);
  y = nn.relu(lax.conv(y, p.conv2, [1, 1], 'VALID').add(bias(p.bias2)));
  y = pool(y, 64, 11).reshape([batch, 1600]);
  y = nn.relu(np.matmul(y, p.fc1).add(p.bias3));
  return np.matmul(y, p.fc2).add(p.bias4);
}
const loss = (p, x, target) => np.sum(nn.logSoftmax(forward(p, x)).mul(target)).mul(-1 / batch);

const parameters = () => ({
  conv1: array(0.3, 32, 1, 3, 3),
  bias1: array(0.3, 32),
  conv2: array(0.06, 64, 32, 3, 3),
  bias2: array(0.06, 64),
  fc1: array(0.025, 1600, 128),
  bias3: array(0.025, 128),
  fc2: array(0.09, 128, 10),
  bias4: array(0.09, 10),
});
const [height, width, channels] = inputs['mnist-cnn'];
const pictures = () => array(1, batch, channels, height, width);
const labels = () =>
  nn.oneHot(
    np.array(
      Int32Array.from({ length: batch }, (_, i) => i % 10),
      { dtype: np.int32 },
    ),
    10,
  );

/** SGD with momentum 0.9 and learning rate 0.01. */
function makeStep() {
  const step = jit((p, momentum, x, target) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(p), x, target);
    const next = tree.map((m, g) => m.mul(0.9).add(g), momentum, gradients);
    const moved = tree.map((w, m) => w.sub(m.mul(0.01)), p, tree.ref(next));
    return [value, moved, next];
  });
  let p = parameters();
  let momentum = tree.map((w) => np.zerosLike(w), tree.ref(p));
  const [x, target] = [pictures(), labels()];
  return async () => {
    let value;
    [value, p, momentum] = step(p, momentum, x.ref, target.ref);
    await blockUntilReady([value, p]);
    value.dispose();
  };
}

function makeInference() {
  const run = jit(forward);
  const [p, x] = [parameters(), pictures()];
  return async () => {
    const logits = run(tree.ref(p), x.ref);
    await blockUntilReady(logits);
    logits.dispose();
  };
}

const why = 'written for mnist-cnn only, at seconds a step';
await serve(
  { 'mnist-cnn': makeStep, 'infer:mnist-cnn': makeInference },
  { resnet20: why, mobile: why, 'infer:resnet20': why, 'infer:mobile': why },
);
