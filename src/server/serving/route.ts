import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Service } from './service.ts';

/** A JSON Schema, as OpenAPI 3.1 has them. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What is told of a route in the description of the interface, and how it is answered. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/v2/models/{name}`. */
  readonly path: string;
  /** One sentence. */
  readonly doc: string;
  /** Open to who has no key, where keys are asked for. */
  readonly open?: boolean;
  /** Its body holds pictures: it needs a place, and ends with the time limit. */
  readonly takesPictures?: boolean;
  readonly query?: Readonly<Record<string, JsonSchema>>;
  /** Content types that it takes, with their schemas. */
  readonly body?: Readonly<Record<string, JsonSchema>>;
  readonly answer: { readonly type: string; readonly schema: JsonSchema };
  handle(service: Service, request: FastifyRequest, reply: FastifyReply, signal: AbortSignal): Promise<unknown>;
}

/** The name in a path, decoded. */
export const nameIn = (request: FastifyRequest): string => (request.params as { name: string }).name;
