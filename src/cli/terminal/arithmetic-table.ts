import type { ValueArithmetic } from '../../core/explain/arithmetic.ts';
import type { Operand, Step } from '../../core/explain/arithmetic-steps.ts';

/** A float32 as short as can be that still means that number and no other. */
export function exactly(value: number): string {
  // What was computed in float64 needs all its digits.
  if (!Number.isFinite(value) || Math.fround(value) !== value) return String(value);
  for (let digits = 6; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(value);
}

const placeText = (index: readonly number[]): string => (index.length > 0 ? `[${index.join(',')}]` : '');

function operandText({ number, from, name, step }: Operand): string {
  if (from) return `${exactly(number)} (${from.value}${placeText(from.index)})`;
  if (name !== undefined) return `${exactly(number)} (${name})`;
  return step === undefined ? exactly(number) : `${exactly(number)} (line ${step + 1})`;
}

const between = { sum: '+', difference: '-', quotient: '/', product: '·' } as const;

/** Rows of a long sum that are shown. */
const mostRows = 40;

/** How a number came about, line by line, so that it can be done again with a pocket calculator. */
export function arithmeticLines(told: ValueArithmetic, all: boolean): string[] {
  const lines = [
    `${told.value}${placeText(told.index)} = ${exactly(told.result)}`,
    `  ${told.op}: ${told.formula}`,
    ...(told.of ? [`  ${ofText[told.of.what](told.of.class)}`] : []),
    ...stepsLines(told.steps, all),
  ];
  if (told.steps.length > 0) {
    lines.push(
      told.equal
        ? `  The engine gives ${exactly(told.result)}: the same to the bit.`
        : `  The engine gives ${exactly(told.result)}, these lines ${exactly(told.replayed)}.`,
    );
  }
  if (told.inUse !== undefined) {
    const difference = told.inUse - told.result;
    lines.push(
      difference === 0
        ? '  The faster kernels that classify give the same.'
        : `  The faster kernels that classify give ${exactly(told.inUse)}: ${difference.toExponential(1)} more.`.replace(
            /: -(.*) more/,
            ': $1 less',
          ),
    );
  }
  return lines;
}

/** What a number on the way back belongs to. */
const ofText = {
  logit: (name: string) => `Of the logit of '${name}'.`,
  loss: (name: string) =>
    `Of the loss of this one picture, labelled '${name}': batch norm as when classifying, no dropout, no other picture.`,
} as const;

/** Of very many steps the first and the last are shown. */
const mostSteps = 40;

function stepsLines(steps: readonly Step[], all: boolean): string[] {
  const lines = steps.map((step, i) => stepLines(step, i, all));
  const rest = steps.length - mostSteps;
  if (all || rest <= 0) return lines.flat();
  const ends = mostSteps / 2;
  const gap = `      … ${rest} more steps; --all shows them`;
  return [...lines.slice(0, ends).flat(), gap, ...lines.slice(-ends).flat()];
}

function stepLines(step: Step, place: number, all: boolean): string[] {
  const { operation, rows, result, name, why } = step;
  const head = `${String(place + 1).padStart(4)}  ${name ? `${name}: ` : ''}`;
  const tail = `${why ? `  since ${why}` : ''}${step.double ? '  (float64)' : ''}`;
  const texts = rows.map(({ operands }) => operands.map(operandText).join(' · '));
  if (operation !== 'sum' || rows.length <= 3) {
    const formula =
      operation === 'function'
        ? `${step.function}(${texts.join()})`
        : operation === 'maximum' || operation === 'minimum'
          ? `${operation} of ${texts.join(', ')}`
          : texts.join(` ${between[operation as keyof typeof between] ?? ''} `);
    return [`${head}${formula} = ${exactly(result)}${tail}`];
  }
  const shown = all ? rows : rows.slice(0, mostRows);
  const listed = shown.map(({ number }, i) => {
    const product = rows[i].operands.length > 1 ? ` = ${exactly(number)}` : '';
    return `      ${i === 0 ? ' ' : '+'} ${texts[i]}${product}`;
  });
  const rest = rows.length - shown.length;
  return [
    `${head}sum of ${rows.length} terms, from the first on${tail}`,
    ...listed,
    ...(rest > 0 ? [`        and ${rest} more; --all shows them`] : []),
    `      = ${exactly(result)}`,
  ];
}
