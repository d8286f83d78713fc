// ONNX Runtime on the CPU: inference of the graphs that export_onnx.py writes. It does not train.
//   node onnxruntime.mjs --models FOLDER [--threads 2] [--batch 128]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { batch, folder, inputs, numbers, serve, threads } from './serve.mjs';

const why = 'onnxruntime-node runs graphs and cannot train them';
const jobs = {};
for (const [name, [height, width, channels]] of Object.entries(inputs)) {
  const file = join(folder, `${name}.onnx`);
  if (!existsSync(file)) continue;
  jobs[`infer:${name}`] = async () => {
    const session = await ort.InferenceSession.create(file, { intraOpNumThreads: threads });
    const data = numbers(batch * channels * height * width);
    const input = new ort.Tensor('float32', data, [batch, channels, height, width]);
    return () => session.run({ input });
  };
}
await serve(jobs, Object.fromEntries(Object.keys(inputs).map((name) => [name, why])));
