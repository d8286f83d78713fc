import type { FastifyReply } from 'fastify';

/** Lines of JSON that go out as they come: some ten times a second at most, and a blank one when there is nothing new. */
export interface LineStream {
  /** Says that there is news: `next` is asked for it soon. */
  wake(): void;
}

/** Between two looks for news: what a person sees as at once, and what costs a training nothing. */
const pause = 100;
/** Networks in between end a connection that is silent for long. */
const silence = 15_000;

/**
 * @param next what there is to tell by now, undefined for nothing; with `last` the stream ends after it. Called only when
 * somebody woke the stream, and not while the network is behind.
 */
export function streamLines(
  reply: FastifyReply,
  next: () => { readonly value: unknown; readonly last: boolean } | undefined,
  onClose: () => void,
): LineStream {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
  });
  let timer: NodeJS.Timeout | undefined;
  let blocked = false;
  let ended = false;
  const beat = setInterval(() => raw.write('\n'), silence);
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(beat);
    clearTimeout(timer);
    onClose();
    raw.end();
  };
  const tell = (): void => {
    timer = undefined;
    if (ended || blocked) return;
    const news = next();
    if (!news) return;
    blocked = !raw.write(`${JSON.stringify(news.value)}\n`);
    if (news.last) end();
  };
  raw.on('drain', () => {
    blocked = false;
    tell();
  });
  raw.on('close', end);
  raw.on('error', end);
  tell();
  return {
    wake() {
      if (!ended) timer ??= setTimeout(tell, pause);
    },
  };
}
