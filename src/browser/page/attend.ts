import { answer } from '../../core/workbench/studio/answer.ts';
import type { StudioContext } from '../../core/workbench/studio/context.ts';
import type { Line, ToTab, ToWorker } from './messages.ts';

/** Between two looks for news, in milliseconds: at once for a person, and next to nothing for a training. */
const pause = 100;
/** Progress moves without anybody's doing. */
const beat = 500;

/** Answers what comes over a line, on behalf of the studio. */
export function attend(studio: StudioContext, line: Line<ToTab, ToWorker>): void {
  const asked = new Map<string, AbortController>();
  const watches = new Map<string, () => void>();
  const { jobs } = studio;

  const ask = async ({ from, id, verb, request }: ToWorker & { kind: 'ask' }): Promise<void> => {
    const key = `${from} ${id}`;
    const controller = new AbortController();
    asked.set(key, controller);
    const given = await answer(studio, verb, request, controller.signal);
    asked.delete(key);
    // Copied, not handed over: the studio keeps pictures that it has sent.
    line.send({ kind: 'answer', to: from, id, answer: given });
  };

  const watch = ({ from, id, job, next: first }: ToWorker & { kind: 'watch' }): void => {
    const key = `${from} ${id}`;
    let next = first;
    let told = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      if (job === undefined) {
        line.send({ kind: 'news', to: from, id, jobs: jobs.list() });
        return;
      }
      const events = jobs.events(job, next);
      const summary = jobs.show(job);
      if (events.length === 0 && told) return;
      told = true;
      next = summary.events;
      line.send({ kind: 'news', to: from, id, job: summary, events });
      if (summary.ended !== undefined) leave();
    };
    const wake = (): void => {
      timer ??= setTimeout(tell, pause);
    };
    let unwatch: () => void;
    try {
      unwatch = job === undefined ? jobs.watchAll(wake) : jobs.watch(job, wake);
    } catch {
      return;
    }
    const moving = setInterval(() => {
      if (job === undefined && jobs.list().some(({ ended }) => ended === undefined)) wake();
    }, beat);
    const leave = (): void => {
      unwatch();
      clearTimeout(timer);
      clearInterval(moving);
      watches.delete(key);
    };
    watches.set(key, leave);
    tell();
  };

  line.listen((message) => {
    const key = `${message.from} ${message.id}`;
    if (message.kind === 'ask') void ask(message);
    else if (message.kind === 'abort') asked.get(key)?.abort(new Error('taken back'));
    else if (message.kind === 'watch') watch(message);
    else if (message.kind === 'leave') watches.get(key)?.();
  });
}
