import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { show } from '../../core/errors.ts';
import { Problem } from './problem.ts';

/** A picture as it came: encoded bytes, and what to call it. */
export interface ReceivedImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BodyLimits {
  /** Of a whole request body. */
  readonly bytes: number;
  /** Pictures a request. */
  readonly images: number;
}

/** Beside pictures themselves: `{"image": BASE64}`, `{"images": [BASE64 | {"name", "data": BASE64}, …]}`. */
const jsonSchema = z.union([
  z.object({ image: z.string() }),
  z.object({
    images: z.array(z.union([z.string(), z.object({ name: z.string().optional(), data: z.string() })])).min(1),
  }),
]);

/** The pictures of a request, whichever way they come. @throws Problem (400, 413, 415). */
export async function imagesInBody(request: FastifyRequest, limits: BodyLimits): Promise<ReceivedImage[]> {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type === 'multipart/form-data') return fromParts(request, limits);
  if (type === 'application/json') return fromJson(request.body, limits);
  if (Buffer.isBuffer(request.body)) return [{ name: 'the picture', bytes: request.body }];
  throw new Problem(
    415,
    `Expected a picture (image/*), multipart/form-data or application/json for header 'content-type' but received ${show(type)}`,
  );
}

async function fromParts(request: FastifyRequest, limits: BodyLimits): Promise<ReceivedImage[]> {
  const found: ReceivedImage[] = [];
  let size = 0;
  try {
    for await (const part of request.parts({
      limits: { fileSize: limits.bytes, files: limits.images, parts: 2 * limits.images },
    })) {
      if (part.type !== 'file') continue;
      const bytes = await part.toBuffer();
      size += bytes.length;
      if (size > limits.bytes) throw tooLarge(limits.bytes);
      found.push({ name: part.filename || part.fieldname, bytes });
    }
  } catch (error) {
    throw partsProblem(error, limits);
  }
  if (found.length === 0) throw new Problem(400, 'Expected at least one file for the multipart body but received none');
  return found;
}

function partsProblem(error: unknown, limits: BodyLimits): Problem {
  if (error instanceof Problem) return error;
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (code === 'FST_FILES_LIMIT' || code === 'FST_PARTS_LIMIT') return tooMany(limits.images, 'more');
  if (code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge(limits.bytes);
  return new Problem(
    400,
    `Expected a whole multipart body for the request but received one that is not: ${message.slice(0, 200)}`,
  );
}

function fromJson(body: unknown, limits: BodyLimits): ReceivedImage[] {
  const parsed = jsonSchema.safeParse(body);
  if (!parsed.success) {
    throw new Problem(
      400,
      'Expected {"image": BASE64} or {"images": [BASE64, …]} for the JSON body but received something else',
    );
  }
  const given = 'image' in parsed.data ? [parsed.data.image] : parsed.data.images;
  if (given.length > limits.images) throw tooMany(limits.images, String(given.length));
  return given.map((one, i) => {
    const { name, data } = typeof one === 'string' ? { name: undefined, data: one } : one;
    return { name: name ?? (given.length > 1 ? `picture ${i + 1}` : 'the picture'), bytes: fromBase64(data, i) };
  });
}

/** Base64 as in RFC 4648, a data URI or not. */
function fromBase64(text: string, i: number): Uint8Array {
  const data = text.replace(/^data:[^,]{0,100};base64,/, '');
  if (data === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(data)) {
    throw new Problem(400, `Expected base64 for picture ${i + 1} of the JSON body but received ${show(text)}`);
  }
  return Buffer.from(data, 'base64');
}

const tooMany = (limit: number, received: string): Problem =>
  new Problem(
    413,
    `Expected at most ${limit} pictures for a request but received ${received}`,
    'Send several requests',
  );

const tooLarge = (limit: number): Problem =>
  new Problem(413, `Expected at most ${limit} bytes for a request but received more`);
