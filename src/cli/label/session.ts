import { FoveaError } from '../../core/errors.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { Labelling, Suggestion } from '../../core/workbench/label.ts';
import { count, percent } from '../terminal/numbers.ts';
import { drawPicture } from '../terminal/picture.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter, type Terminal } from '../terminal/terminal.ts';

/** What a person did. */
export interface Session {
  readonly labelled: number;
  readonly excluded: number;
  readonly skipped: number;
}

/** More classes than this are not all listed below each picture. */
const mostListed = 12;
const pictureRows = 20;

/**
 * Shows one picture after the other and takes keys: Enter confirms, a number chooses, `s` skips, `u` takes back, `x`
 * excludes, `q` ends. Each decision is on disk before the next picture shows, so that it may end at any moment.
 */
export async function labelByKeys(
  labelling: Labelling,
  terminal: Terminal,
  keys: AsyncIterable<string>,
): Promise<Session> {
  const queue = labelling.undecided();
  const done: { picture: Suggestion; how: 'labelled' | 'excluded' | 'skipped' }[] = [];
  const counted = (how: string): number => done.filter((one) => one.how === how).length;
  const session = (): Session => ({
    labelled: counted('labelled'),
    excluded: counted('excluded'),
    skipped: counted('skipped'),
  });
  let at = 0;
  let number = '';
  let message = '';
  const show = async (): Promise<boolean> => {
    if (at >= queue.length) return false;
    await showPicture(labelling, terminal, queue[at], `${at + 1} of ${count(queue.length)}`, message);
    message = '';
    return true;
  };
  const decide = async (how: 'labelled' | 'excluded', name?: string): Promise<void> => {
    const picture = queue[at++];
    await labelling.decide([[picture, name === undefined ? 'exclude' : { class: name }]]);
    done.push({ picture, how });
  };
  const takeBack = async (): Promise<void> => {
    const last = done.at(-1);
    if (last?.how === 'skipped') {
      done.pop();
      at--;
      return;
    }
    const taken = await labelling.undo();
    if (taken.length === 0) message = 'There is nothing to take back.';
    else if (last && taken.some(({ hash }) => hash === last.picture.hash)) {
      done.pop();
      at--;
    } else {
      // Of an earlier session: what is open again comes next.
      const open = labelling.pictures.filter((one) => taken.some(({ hash }) => hash === one.hash));
      queue.splice(at, 0, ...open.filter((one) => !queue.includes(one)));
      message = `Taken back: ${taken.length === 1 ? harmless(taken[0].file) : `${taken.length} decisions made at once`}.`;
    }
  };
  if (!(await show())) return session();
  for await (const key of keys) {
    const typed = number;
    number = '';
    const { classNames } = labelling;
    if (key === 'q' || key === 'ctrl-c') return session();
    if (key === 'enter') {
      await decide('labelled', typed === '' ? queue[at].top[0].class : classNames[Number(typed) - 1]);
    } else if (/^[0-9]$/.test(key)) {
      const chosen = Number(typed + key);
      if (chosen < 1 || chosen > classNames.length) message = `Classes are numbered 1 to ${classNames.length}.`;
      else if (chosen * 10 > classNames.length) await decide('labelled', classNames[chosen - 1]);
      else {
        number = String(chosen);
        terminal.err(`\r\u001b[K> ${number} (Enter: ${harmless(classNames[chosen - 1])}, or another digit)`);
        continue;
      }
    } else if (key === 's') done.push({ picture: queue[at++], how: 'skipped' });
    else if (key === 'x') await decide('excluded');
    else if (key === 'u') await takeBack();
    else if (key === '?') message = classNames.map((name, i) => `${i + 1} ${harmless(name)}`).join('  ');
    else if (key !== 'escape' && key !== 'backspace') message = `'${harmless(key)}' means nothing here.`;
    if (!(await show())) return session();
  }
  return session();
}

async function showPicture(
  { classNames }: Labelling,
  terminal: Terminal,
  { file, top, margin, source }: Suggestion,
  place: string,
  message: string,
): Promise<void> {
  const paint = painter(terminal);
  const [first, ...others] = top;
  const lines = terminal.live ? ['\u001b[2J\u001b[H'] : [''];
  lines.push(`${paint('strong', place)}  ${harmless(file)}  ${paint('faint', `margin ${percent(margin)}`)}`);
  lines.push(...(await drawn(source, terminal)));
  const then = others
    .slice(0, 3)
    .map((one) => `${harmless(one.class)} ${percent(one.probability)}`)
    .join(', ');
  lines.push(
    `${paint('strong', harmless(first.class))} ${percent(first.probability)}${paint('faint', `, then ${then}`)}`,
  );
  const listed = classNames.length <= mostListed ? classNames : top.slice(0, 9).map((one) => one.class);
  const numbered = listed.map((name) => `${classNames.indexOf(name) + 1} ${harmless(name)}`).join('  ');
  lines.push(...wrap(numbered + (listed.length < classNames.length ? '  ? all' : ''), terminal.columns - 2));
  lines.push(
    ...wrap(
      `Enter: ${harmless(first.class)} · number: another class · s skip · x exclude · u take back · q end`,
      terminal.columns - 2,
    ).map((line) => paint('faint', line)),
  );
  if (message !== '') lines.push(message);
  for (const line of lines) terminal.out(line);
}

async function drawn(source: Suggestion['source'], terminal: Terminal): Promise<string[]> {
  let picture: Picture;
  try {
    picture = await source.decode(3);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return [harmless(error.message)];
  }
  return drawPicture(picture, terminal, pictureRows);
}
