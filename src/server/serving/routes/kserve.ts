import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Picture } from '../../../core/image/picture.ts';
import { foveaVersion } from '../../../core/workbench/version.ts';
import { probabilitiesOf } from '../answer.ts';
import { Problem } from '../problem.ts';
import { nameIn, type Route } from '../route.ts';
import type { ServedModel } from '../served-model.ts';
import { full, type Service } from '../service.ts';
import { inferRequest, inferResponse, modelMetadata, objectOf } from './kserve-schemas.ts';

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
  /** Which of the outputs are wanted; absent: all. */
  outputs: z.array(z.object({ name: z.string() })).optional(),
});

function metadataOf({ name, classifier, version, engine }: ServedModel) {
  const classes = classifier.classNames.length;
  return {
    name,
    versions: [String(version)],
    // As the protocol names platforms: what loads it, and the form of the file.
    platform: engine === 'fovea' ? 'fovea_safetensors' : 'onnx_onnxv1',
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

/** The outputs of an inference, in the order in which they are told. */
function outputsOf({ classifier }: ServedModel, probabilities: readonly Float64Array[]) {
  const { classNames } = classifier;
  const count = probabilities.length;
  return [
    {
      name: 'probabilities',
      datatype: 'FP32',
      shape: [count, classNames.length],
      data: probabilities.flatMap((one) => [...one]),
    },
    {
      name: 'class',
      datatype: 'BYTES',
      shape: [count],
      data: probabilities.map((one) => classNames[one.indexOf(Math.max(...one))]),
    },
  ];
}

/** Those that were asked for, in that order. @throws Problem 400 for one that there is not. */
function chooseOutputs<T extends { readonly name: string }>(all: T[], asked: readonly { name: string }[] = []): T[] {
  if (asked.length === 0) return all;
  return asked.map(({ name }) => {
    const found = all.find((one) => one.name === name);
    if (found) return found;
    const known = all.map((one) => `'${one.name}'`).join(', ');
    throw new Problem(400, `Expected one of ${known} for an output but received '${name.slice(0, 50)}'`);
  });
}

/** The model of a path; of a version, where the path names one: only the present one is kept. @throws Problem 404. */
function modelIn(service: Service, request: FastifyRequest): ServedModel {
  const model = service.model(nameIn(request));
  const { version } = request.params as { version?: string };
  if (version === undefined || version === String(model.version)) return model;
  throw new Problem(
    404,
    `Expected version ${model.version} of '${model.name}' but received '${version.slice(0, 50)}'; earlier ones are gone`,
  );
}

async function infer(service: Service, request: FastifyRequest, signal: AbortSignal) {
  const model = modelIn(service, request);
  const parsed = inferSchema.safeParse(request.body);
  if (!parsed.success) {
    throw new Problem(
      400,
      "Expected an inference request with 'inputs' (KServe v2) for the JSON body but received something else",
    );
  }
  const { id, outputs } = parsed.data;
  const pictures = picturesOf(model, parsed.data, service.limits.images);
  if (!request.place?.grow(pictures.length)) throw full(service.capacity);
  const probabilities = (await service.logits(model, pictures, signal)).map((logits) =>
    probabilitiesOf(model.classifier, logits),
  );
  return {
    model_name: model.name,
    model_version: String(model.version),
    ...(id === undefined ? {} : { id }),
    outputs: chooseOutputs(outputsOf(model, probabilities), outputs),
  };
}

const json = (schema: Route['answer']['schema']): Route['answer'] => ({ type: 'application/json', schema });

/** Each is there with and without a version in its path. */
const routesOfModels = ['', '/versions/{version}'].flatMap((version): Route[] => [
  {
    method: 'GET',
    path: `/v2/models/{name}${version}`,
    doc: 'KServe: inputs and outputs of a model.',
    answer: json(modelMetadata),
    handle: async (service, request) => metadataOf(modelIn(service, request)),
  },
  {
    method: 'GET',
    path: `/v2/models/{name}${version}/ready`,
    doc: 'KServe: whether a model can be asked.',
    answer: json(objectOf({ name: { type: 'string' }, ready: { type: 'boolean' } })),
    handle: async (service, request) => ({ name: modelIn(service, request).name, ready: service.ready }),
  },
  {
    method: 'POST',
    path: `/v2/models/{name}${version}/infer`,
    doc: 'KServe: pixels of the model’s size as a UINT8 tensor [n, height, width, channels] → probabilities and classes.',
    takesPictures: true,
    body: { 'application/json': inferRequest },
    answer: json(inferResponse),
    handle: (service, request, _reply, signal) => infer(service, request, signal),
  },
]);

export const kserveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2',
    doc: 'KServe: describes the server.',
    answer: json(
      objectOf({
        name: { type: 'string' },
        version: { type: 'string' },
        extensions: { type: 'array', items: { type: 'string' } },
      }),
    ),
    handle: async () => ({ name: 'fovea', version: foveaVersion, extensions: [] }),
  },
  {
    method: 'GET',
    path: '/v2/health/live',
    doc: 'KServe: whether the process answers.',
    open: true,
    answer: json(objectOf({ live: { type: 'boolean' } })),
    handle: async () => ({ live: true }),
  },
  {
    method: 'GET',
    path: '/v2/health/ready',
    doc: 'KServe: whether all models can be asked.',
    open: true,
    answer: json(objectOf({ ready: { type: 'boolean' } })),
    async handle({ ready }) {
      if (!ready) throw new Problem(503, 'This server is being shut down');
      return { ready: true };
    },
  },
  ...routesOfModels,
];
