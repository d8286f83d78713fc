import { element } from './element.ts';

/** Milliseconds of rest after which a stroke is classified, while it goes on too. */
const settle = 80;

/**
 * The pad. @param light strokes are light on dark, as in most sets of digits; else dark on light.
 * @returns clears it.
 */
export function offerDrawing(light: boolean, onDraw: (canvas: HTMLCanvasElement) => void, onClear: () => void): void {
  const pad = element<HTMLCanvasElement>('pad');
  const clear = element<HTMLButtonElement>('clear');
  const context = pad.getContext('2d') as CanvasRenderingContext2D;
  const [ground, ink] = light ? ['#000', '#fff'] : ['#fff', '#000'];
  let last: readonly [number, number] | undefined;
  let timer: number | undefined;
  const wipe = (): void => {
    window.clearTimeout(timer);
    context.fillStyle = ground;
    context.fillRect(0, 0, pad.width, pad.height);
    clear.disabled = true;
  };
  const at = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    return [((clientX - left) * pad.width) / width, ((clientY - top) * pad.height) / height];
  };
  const stroke = (to: readonly [number, number]): void => {
    Object.assign(context, { strokeStyle: ink, lineWidth: 20, lineCap: 'round', lineJoin: 'round' });
    context.beginPath();
    context.moveTo(...(last ?? to));
    context.lineTo(...to);
    context.stroke();
    last = to;
    clear.disabled = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => onDraw(pad), settle);
  };
  pad.addEventListener('pointerdown', (event) => {
    pad.setPointerCapture(event.pointerId);
    last = undefined;
    stroke(at(event));
  });
  pad.addEventListener('pointermove', (event) => {
    if (event.buttons > 0 && last) stroke(at(event));
  });
  pad.addEventListener('pointerup', () => {
    last = undefined;
  });
  clear.addEventListener('click', () => {
    wipe();
    onClear();
  });
  wipe();
}
