import { z } from 'zod';
import type { Picture } from '../../../core/image/picture.ts';
import { foveaVersion } from '../../../core/workbench/version.ts';
import { probabilitiesOf } from '../answer.ts';
import { Problem } from '../problem.ts';
import { type JsonSchema, nameIn, type Route } from '../route.ts';
import type { ServedModel } from '../served-model.ts';
import { full } from '../service.ts';

/**
 * The Open Inference Protocol, version 2 (kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol):
 * pixels as a tensor in, probabilities as a tensor out.
 */
const inferSchema = z.object({
  id: z.string().max(200).optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)).max(8),
        datatype: z.string(),
        data: z.array(z.unknown()),
      }),
    )
    .min(1),
});

const anyObject: JsonSchema = { type: 'object' };
const json = { type: 'application/json', schema: anyObject };

function metadataOf({ name, classifier, version, engine }: ServedModel) {
  const classes = classifier.classNames.length;
  return {
    name,
    versions: [String(version)],
    platform: `fovea_${engine.split(' ')[0]}`,
    inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, ...classifier.model.input] }],
    outputs: [
      { name: 'probabilities', datatype: 'FP32', shape: [-1, classes] },
      { name: 'class', datatype: 'BYTES', shape: [-1] },
    ],
    parameters: { classes: JSON.stringify(classifier.classNames) },
  };
}

/** The tensor's pixels as pictures of the model's size. @throws Problem 400 naming what does not fit. */
function picturesOf(model: ServedModel, body: z.infer<typeof inferSchema>, most: number): Picture[] {
  const input = body.inputs.find(({ name }) => name === 'image') ?? body.inputs[0];
  const { shape, datatype } = input;
  const expected = model.classifier.model.input;
  if (datatype !== 'UINT8') {
    throw new Problem(
      400,
      `Expected datatype UINT8 for input '${input.name.slice(0, 50)}' but received '${datatype.slice(0, 50)}'`,
    );
  }
  const [n, height, width, channels] = shape;
  if (shape.length !== 4 || n < 1 || height !== expected[0] || width !== expected[1] || channels !== expected[2]) {
    throw new Problem(
      400,
      `Expected shape [n, ${expected.join(', ')}] for input 'image' but received [${shape.join(', ')}]`,
    );
  }
  if (n > most) throw new Problem(413, `Expected at most ${most} pictures for a request but received ${n}`);
  const values = input.data.flat(3) as unknown[];
  const size = height * width * channels;
  if (values.length !== n * size) {
    throw new Problem(400, `Expected ${n * size} values for input 'image' but received ${values.length}`);
  }
  const data = new Uint8Array(values.length);
  values.forEach((value, i) => {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 255) {
      throw new Problem(
        400,
        `Expected whole numbers from 0 to 255 for input 'image' but received ${String(value).slice(0, 50)}`,
      );
    }
    data[i] = value as number;
  });
  return Array.from({ length: n }, (_, i) => ({
    height,
    width,
    channels: channels as 1 | 3,
    data: data.subarray(i * size, (i + 1) * size),
  }));
}

export const kserveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2',
    doc: 'KServe: describes the server.',
    answer: json,
    handle: async () => ({ name: 'fovea', version: foveaVersion, extensions: [] }),
  },
  {
    method: 'GET',
    path: '/v2/health/live',
    doc: 'KServe: whether the process answers.',
    open: true,
    answer: json,
    handle: async () => ({ live: true }),
  },
  {
    method: 'GET',
    path: '/v2/health/ready',
    doc: 'KServe: whether all models can be asked.',
    open: true,
    answer: json,
    async handle({ ready }) {
      if (!ready) throw new Problem(503, 'This server is being shut down');
      return { ready: true };
    },
  },
  {
    method: 'GET',
    path: '/v2/models/{name}',
    doc: 'KServe: inputs and outputs of a model.',
    answer: json,
    handle: async (service, request) => metadataOf(service.model(nameIn(request))),
  },
  {
    method: 'GET',
    path: '/v2/models/{name}/ready',
    doc: 'KServe: whether a model can be asked.',
    answer: json,
    handle: async (service, request) => ({ name: service.model(nameIn(request)).name, ready: service.ready }),
  },
  {
    method: 'POST',
    path: '/v2/models/{name}/infer',
    doc: 'KServe: pixels of the model’s size as a UINT8 tensor [n, height, width, channels] → probabilities and classes.',
    takesPictures: true,
    body: { 'application/json': anyObject },
    answer: json,
    async handle(service, request, _reply, signal) {
      const model = service.model(nameIn(request));
      const parsed = inferSchema.safeParse(request.body);
      if (!parsed.success) {
        throw new Problem(
          400,
          "Expected an inference request with 'inputs' (KServe v2) for the JSON body but received something else",
        );
      }
      const pictures = picturesOf(model, parsed.data, service.limits.images);
      if (!request.place?.grow(pictures.length)) throw full(service.capacity);
      const { classNames } = model.classifier;
      const probabilities = (await service.logits(model, pictures, signal)).map((logits) =>
        probabilitiesOf(model.classifier, logits),
      );
      return {
        model_name: model.name,
        model_version: String(model.version),
        ...(parsed.data.id === undefined ? {} : { id: parsed.data.id }),
        outputs: [
          {
            name: 'probabilities',
            datatype: 'FP32',
            shape: [pictures.length, classNames.length],
            data: probabilities.flatMap((one) => [...one]),
          },
          {
            name: 'class',
            datatype: 'BYTES',
            shape: [pictures.length],
            data: probabilities.map((one) => classNames[one.indexOf(Math.max(...one))]),
          },
        ],
      };
    },
  },
];
