import { element, made, percent } from './element.ts';
import type { ModelFacts, PictureAnswer, ShownPixels } from './messages.ts';
import type { ModelClient } from './model-client.ts';

const few = 5;
/** A picture this small is shown with its pixels. */
const small = 96;

/** Shows one answer: in a word, in numbers, and where in the picture it comes from. */
export class AnswerView {
  private answer: PictureAnswer | undefined;
  private all = false;
  private target: string | undefined;
  /** Grows with every heatmap that is asked for: a late one is not shown. */
  private asked = 0;
  private readonly heatSwitch = element<HTMLInputElement>('show-heat');

  constructor(
    private readonly client: ModelClient,
    private readonly facts: ModelFacts,
  ) {
    this.heatSwitch.addEventListener('change', () => void this.explain());
    element('more').addEventListener('click', () => {
      this.all = !this.all;
      this.list();
    });
    this.clear();
  }

  clear(): void {
    this.answer = undefined;
    const verdict = element('verdict');
    verdict.className = 'is-empty';
    verdict.textContent = 'Nothing classified yet';
    element('sure').textContent = 'Choose, paste, photograph or draw something: the answer appears here.';
    for (const id of ['classes', 'spent', 'heat-says']) element(id).replaceChildren();
    element('more').hidden = true;
    for (const id of ['seen', 'heat']) paint(id, undefined);
  }

  /** @param live one of many a second, whose heatmap must not delay the next. */
  async show(answer: PictureAnswer): Promise<void> {
    this.answer = answer;
    const [first] = answer.all;
    this.target = first.class;
    const verdict = element('verdict');
    verdict.className = answer.unknown ? 'is-unknown' : '';
    verdict.textContent = answer.unknown ? 'Unknown' : first.class;
    element('sure').textContent = answer.unknown
      ? `Nearest is ${first.class} with ${percent(first.probability)}, below the threshold of ${percent(this.facts.threshold ?? 0)}.`
      : `${percent(first.probability)}${this.facts.calibrated ? ', calibrated' : ''}`;
    element('spent').textContent = `Classified in ${answer.milliseconds.toFixed(answer.milliseconds < 10 ? 1 : 0)} ms`;
    paint('seen', answer.seen);
    this.list();
    await this.explain();
  }

  private list(): void {
    const { answer } = this;
    if (!answer) return;
    const shown = this.all ? answer.all : answer.all.slice(0, few);
    element('classes').replaceChildren(
      ...shown.map(({ class: name, probability }) => {
        const button = made('button', '', { type: 'button', title: `Heatmap for ${name}` });
        button.setAttribute('aria-pressed', String(name === this.target));
        const bar = made('i');
        bar.style.width = `${100 * probability}%`;
        button.append(made('b', name), bar, made('span', percent(probability)));
        button.addEventListener('click', () => {
          this.target = name;
          for (const other of element('classes').querySelectorAll('button'))
            other.setAttribute('aria-pressed', String(other === button));
          void this.explain();
        });
        const item = made('li');
        item.append(button);
        return item;
      }),
    );
    const more = element('more');
    more.hidden = answer.all.length <= few;
    more.textContent = this.all ? `Show the first ${few}` : `Show all ${answer.all.length} classes`;
  }

  private async explain(): Promise<void> {
    const { answer, target } = this;
    const turn = ++this.asked;
    const says = element('heat-says');
    if (!answer || target === undefined || !this.heatSwitch.checked) {
      paint('heat', undefined);
      says.textContent = '';
      return;
    }
    try {
      const number = this.facts.classNames.indexOf(target);
      const found = await this.client.ask({ kind: 'heatmap', turn: answer.turn, target: number });
      if (turn !== this.asked) return;
      paint('heat', found.overlay);
      says.textContent = found.empty
        ? `${found.method}: nothing in the last map speaks for ${target}.`
        : `${found.method}: bright places speak for ${target}.`;
    } catch (error) {
      if (turn !== this.asked) return;
      paint('heat', undefined);
      says.textContent = (error as Error).message;
    }
  }
}

function paint(id: string, pixels: ShownPixels | undefined): void {
  const canvas = element<HTMLCanvasElement>(id);
  const { width, height } = pixels ?? { width: 1, height: 1 };
  canvas.width = width;
  canvas.height = height;
  canvas.classList.toggle('is-small', Math.max(width, height) <= small);
  if (pixels) canvas.getContext('2d')?.putImageData(new ImageData(pixels.rgba, width, height), 0, 0);
}
