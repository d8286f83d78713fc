// An exported page: asks its model, in a worker, about pictures from files, the clipboard, the camera and the pad.
import { AnswerView } from './answer-view.ts';
import { offerCamera } from './camera.ts';
import { offerDrawing } from './drawing.ts';
import { element } from './element.ts';
import type { ModelFacts } from './messages.ts';
import { type ModelClient, startModel } from './model-client.ts';
import { Results } from './results.ts';

/** The largest picture that one draws for: of grey ones, that is digits, letters and signs. */
const drawnSide = 64;

function trouble(text: string | undefined): void {
  element('trouble').hidden = text === undefined;
  element('trouble').textContent = text ?? '';
}

/** What stands in the page in base64, which is then let go. */
function taken(id: string): string {
  const text = element(id).textContent ?? '';
  element(id).remove();
  return text;
}

async function open(): Promise<void> {
  const client = startModel();
  try {
    const facts = await client.ask({ kind: 'open', model: taken('model'), kernels: taken('kernels') });
    offer(client, facts);
  } catch (error) {
    element('about').textContent = 'The model could not be opened';
    trouble((error as Error).message);
  }
}

function offer(client: ModelClient, facts: ModelFacts): void {
  const [height, width, channels] = facts.input;
  const kind = channels === 1 ? 'grey' : 'colour';
  const threshold = facts.threshold === undefined ? '' : ` · "unknown" below ${(100 * facts.threshold).toFixed(0)} %`;
  element('about').textContent =
    `${facts.name} · ${facts.classNames.length} classes · ${facts.parameters.toLocaleString('en')} parameters · pictures of ${width}x${height} in ${kind}${threshold}`;
  element('main').hidden = false;

  const view = new AnswerView(client, facts);
  const ask = async (source: Blob | ImageBitmap, transfer: Transferable[] = []) => {
    const answer = await client.ask({ kind: 'classify', source }, transfer);
    trouble(undefined);
    return answer;
  };
  const shown = async (source: Blob | ImageBitmap, transfer?: Transferable[]): Promise<void> => {
    try {
      await view.show(await ask(source, transfer));
    } catch (error) {
      trouble((error as Error).message);
    }
  };

  const results = new Results(facts.classNames, (file) => {
    preview(file);
    void shown(file);
  });
  const takeFiles = async (files: readonly File[]): Promise<void> => {
    choose('file');
    const waiting = files.map((file) => ({ file, tell: results.add(file) }));
    for (const { file, tell } of waiting) {
      preview(file);
      results.mark(file);
      try {
        const answer = await ask(file);
        tell(answer);
        // Of many, the last stays on view; heatmaps of the others nobody would see.
        if (file === files.at(-1)) await view.show(answer);
      } catch (error) {
        tell({ error: (error as Error).message });
        trouble((error as Error).message);
      }
    }
  };
  offerFiles(takeFiles);
  const camera = offerCamera(async (frame) => shown(frame, [frame]), trouble);

  const draws = channels === 1 && Math.max(height, width) <= drawnSide;
  if (draws) {
    // Of light strokes on dark most places are dark.
    const draw = (pad: HTMLCanvasElement): void => {
      void createImageBitmap(pad).then((bitmap) => shown(bitmap, [bitmap]));
    };
    offerDrawing(facts.mean[0] < 0.5, draw, () => view.clear());
  }
  const ways = [...document.querySelectorAll<HTMLButtonElement>('[data-way]')];
  const choose = (way: string): void => {
    if (way !== 'camera') camera.stop();
    for (const button of ways) {
      button.setAttribute('aria-pressed', String(button.dataset.way === way));
      element(`way-${button.dataset.way}`).hidden = button.dataset.way !== way;
    }
  };
  for (const button of ways) {
    button.hidden = button.dataset.way === 'draw' && !draws;
    button.addEventListener('click', () => {
      choose(button.dataset.way as string);
      trouble(undefined);
    });
  }
  choose(draws ? 'draw' : 'file');
}

function preview(file: File): void {
  const image = element<HTMLImageElement>('given');
  const url = URL.createObjectURL(file);
  image.hidden = false;
  image.src = url;
  image.alt = file.name;
  image.onload = () => {
    URL.revokeObjectURL(url);
    image.classList.toggle('is-small', Math.max(image.naturalWidth, image.naturalHeight) <= 96);
    // Small ones would hardly be seen.
    image.style.width = image.naturalWidth < 216 ? '216px' : '';
  };
  image.onerror = () => {
    image.hidden = true;
  };
}

/** Choosing, dropping anywhere on the page, pasting. */
function offerFiles(take: (files: readonly File[]) => Promise<void>): void {
  const input = element<HTMLInputElement>('file');
  // One lot after the other, in their order.
  let before = Promise.resolve();
  const queue = (list: FileList | null | undefined): void => {
    const files = [...(list ?? [])];
    if (files.length > 0) before = before.then(() => take(files));
  };
  input.addEventListener('change', () => {
    queue(input.files);
    input.value = '';
  });
  window.addEventListener('paste', (event) => queue(event.clipboardData?.files));
  window.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('over');
  });
  window.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) document.body.classList.remove('over');
  });
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('over');
    queue(event.dataTransfer?.files);
  });
}

void open();
