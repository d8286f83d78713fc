import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FoveaError } from '../core/errors.ts';
import { type Answer, answer, wordsOf } from '../core/workbench/studio/answer.ts';
import type { StudioContext } from '../core/workbench/studio/context.ts';
import { decodeFrame, encodeFrame, needsFrame } from '../core/workbench/studio/frame.ts';
import { streamLines } from './streams.ts';

/** How bytes travel that JSON cannot hold. */
export const frameType = 'application/x-fovea-frame';

/** What a request may bring: a piece of an upload and its names. */
export const bodyLimit = 16 * 2 ** 20;

const statuses: Readonly<Record<(Answer & { ok: false })['kind'], number>> = {
  unknown: 404,
  refused: 422,
  aborted: 499,
  broken: 500,
};

/**
 * `POST /api/ask/VERB` asks, `GET /api/jobs` and `GET /api/jobs/ID?from=N` tell of jobs as they come, a line of JSON each.
 */
export function addApi(server: FastifyInstance, studio: StudioContext): void {
  // A form of another site may send plain text without asking first: nobody takes it.
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser(frameType, { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    try {
      done(null, decodeFrame(body as Buffer));
    } catch (error) {
      done(Object.assign(new Error(error instanceof FoveaError ? error.message : 'no frame'), { statusCode: 400 }));
    }
  });

  server.post('/api/ask/:verb', async (request: FastifyRequest, reply) => {
    const { verb } = request.params as { verb: string };
    const controller = new AbortController();
    // Whoever asked went away: what nobody waits for need not be computed.
    reply.raw.on('close', () => {
      if (!reply.raw.writableFinished) controller.abort(new FoveaError('The question was taken back'));
    });
    const given = await answer(studio, verb, request.body, controller.signal);
    if (given.ok) return send(reply, given.value);
    const { kind, message, mend } = given;
    return reply.status(statuses[kind]).send({ error: { kind, message, mend } });
  });

  server.get('/api/jobs', (_request, reply) => {
    let fresh = true;
    const stream = streamLines(
      reply,
      () => {
        const value = { jobs: studio.jobs.list() };
        const news = fresh || value.jobs.some(({ ended }) => ended === undefined);
        fresh = false;
        return news ? { value, last: false } : undefined;
      },
      () => {
        leave();
        clearInterval(beat);
      },
    );
    const leave = studio.jobs.watchAll(() => {
      fresh = true;
      stream.wake();
    });
    // Progress moves without anybody's doing.
    const beat = setInterval(() => stream.wake(), 500);
  });

  server.get('/api/jobs/:id', (request: FastifyRequest, reply) => {
    const { id } = request.params as { id: string };
    let next = startOf((request.query as { from?: unknown }).from);
    try {
      studio.jobs.show(id);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      return reply.status(404).send({ error: { kind: 'refused', ...wordsOf(error) } });
    }
    let told = false;
    const stream = streamLines(
      reply,
      () => {
        const events = studio.jobs.events(id, next);
        const job = studio.jobs.show(id);
        if (events.length === 0 && told) return undefined;
        told = true;
        next = job.events;
        return { value: { job, events }, last: job.ended !== undefined };
      },
      () => leave?.(),
    );
    const leave: (() => void) | undefined = studio.jobs.watch(id, stream.wake);
    return reply;
  });
}

const startOf = (text: unknown): number => {
  const number = Number(text ?? 0);
  return Number.isInteger(number) && number > 0 ? number : 0;
};

function send(reply: FastifyReply, value: unknown): FastifyReply {
  if (needsFrame(value))
    return reply
      .header('cache-control', 'no-store')
      .type(frameType)
      .send(Buffer.from(encodeFrame(value).buffer));
  reply.header('cache-control', 'no-store');
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value ?? null));
}
