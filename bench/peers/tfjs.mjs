// TensorFlow.js on its WebAssembly backend (one thread in Node: the backend has no others there): inference.
//   node tfjs.mjs [--batch 128]
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { batch, inputs, mobileBlocks, numbers, resnetBlocks, serve } from './serve.mjs';

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}${sep}dist${sep}`);
await tf.setBackend('wasm');
await tf.ready();

const { layers } = tf;
const conv = (filters, kernelSize, strides = 1, padding = 'same', useBias = false) =>
  layers.conv2d({ filters, kernelSize, strides, padding, useBias });
const norm = (x) => layers.batchNormalization({}).apply(x);
const relu = (x) => layers.reLU().apply(x);

const bodies = {
  'mnist-cnn': (x) => {
    x = relu(conv(32, 3, 1, 'valid', true).apply(x));
    x = layers.maxPooling2d({ poolSize: 2 }).apply(x);
    x = relu(conv(64, 3, 1, 'valid', true).apply(x));
    x = layers.maxPooling2d({ poolSize: 2 }).apply(x);
    return relu(layers.dense({ units: 128 }).apply(layers.flatten().apply(x)));
  },
  resnet20: (x) => {
    x = relu(norm(conv(16, 3).apply(x)));
    let channels = 16;
    for (const [to, stride] of resnetBlocks) {
      const body = norm(conv(to, 3).apply(relu(norm(conv(to, 3, stride).apply(x)))));
      const shortcut = stride === 1 && to === channels ? x : norm(conv(to, 1, stride).apply(x));
      x = relu(layers.add().apply([body, shortcut]));
      channels = to;
    }
    return layers.globalAveragePooling2d({}).apply(x);
  },
  mobile: (x) => {
    x = relu(norm(conv(32, 3).apply(x)));
    for (const [to, strides] of mobileBlocks) {
      x = relu(norm(layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }).apply(x)));
      x = relu(norm(conv(to, 1).apply(x)));
    }
    return layers.globalAveragePooling2d({}).apply(x);
  },
};

function makeJob(name) {
  const input = tf.input({ shape: inputs[name] });
  const outputs = layers.dense({ units: 10 }).apply(bodies[name](input));
  const model = tf.model({ inputs: input, outputs });
  const x = tf.tensor(numbers(batch * inputs[name].reduce((a, b) => a * b)), [batch, ...inputs[name]]);
  return async () => {
    const logits = model.predict(x, { batchSize: batch });
    await logits.data();
    logits.dispose();
  };
}

const names = Object.keys(inputs);
const why = "the wasm backend of TensorFlow.js cannot train a convolution: it has no kernel 'Conv2DBackpropFilter'";
await serve(
  Object.fromEntries(names.map((name) => [`infer:${name}`, () => makeJob(name)])),
  Object.fromEntries(names.map((name) => [name, why])),
);
