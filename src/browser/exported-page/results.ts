import { csvOf, type NamedAnswer } from './csv.ts';
import { element, made, percent } from './element.ts';
import type { PictureAnswer } from './messages.ts';

interface Result {
  readonly file: File;
  readonly button: HTMLButtonElement;
  answer?: PictureAnswer;
  error?: string;
}

/** The files that were classified, to go through them again and to take their answers along. */
export class Results {
  private readonly all: Result[] = [];

  /** @param onChoose a file that is to be shown. */
  constructor(
    private readonly classNames: readonly string[],
    private readonly onChoose: (file: File) => void,
  ) {
    element('save').addEventListener('click', () => this.save());
    element('list').addEventListener('keydown', (event) => this.move(event));
  }

  /** @returns takes what came of the file. */
  add(file: File): (outcome: PictureAnswer | { readonly error: string }) => void {
    const button = made('button', '', { type: 'button', title: file.name });
    const image = made('img', '', { alt: '', src: URL.createObjectURL(file), loading: 'lazy' });
    // What is no picture has an empty place, not the browser's sign of a fault.
    image.addEventListener('error', () => image.replaceWith(made('span', '', { className: 'none' })));
    const says = made('span', 'waiting');
    button.append(image, says, made('span', file.name, { className: 'soft' }));
    const result: Result = { file, button };
    this.all.push(result);
    button.addEventListener('click', () => {
      this.mark(file);
      this.onChoose(file);
    });
    const item = made('li');
    item.append(button);
    element('list').append(item);
    this.count();
    return (outcome) => {
      if ('error' in outcome) {
        result.error = outcome.error;
        says.textContent = 'not read';
        button.title = outcome.error;
      } else {
        result.answer = outcome;
        const [first] = outcome.all;
        says.textContent = outcome.unknown ? 'unknown' : `${first.class} ${percent(first.probability)}`;
      }
      this.count();
    };
  }

  mark(file: File): void {
    for (const one of this.all) {
      if (one.file === file) one.button.setAttribute('aria-current', 'true');
      else one.button.removeAttribute('aria-current');
    }
  }

  private count(): void {
    const done = this.all.filter(({ answer, error }) => answer || error !== undefined).length;
    element('results').hidden = this.all.length === 0;
    const pictures = this.all.length === 1 ? '1 picture' : `${this.all.length} pictures`;
    element('results-title').textContent = done === this.all.length ? pictures : `${done} of ${pictures} classified`;
  }

  /** Arrow keys go from picture to picture. */
  private move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = this.all.findIndex(({ button }) => button === document.activeElement);
    const next = step !== undefined && at >= 0 ? this.all[at + step] : undefined;
    if (!next) return;
    event.preventDefault();
    next.button.focus();
    next.button.click();
  }

  private save(): void {
    const answers: NamedAnswer[] = this.all.map(({ file, answer, error }) => ({ name: file.name, ...answer, error }));
    const url = URL.createObjectURL(new Blob([csvOf(answers, this.classNames)], { type: 'text/csv' }));
    made('a', '', { href: url, download: 'answers.csv' }).click();
    window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
