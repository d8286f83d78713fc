import { say } from '../../say.ts';
import type { PictureFacts, Survey } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { aboutPictures, countAre, readable } from './pictures.ts';

/** How many times a side may be smaller or larger than the median before it is odd. */
const oddTimes = 4;
/** How many times an aspect ratio may differ from the median. */
const oddAspect = 2;
/** From this share on it is not odd but the way the set is. */
const commonShare = 0.05;

export function findOddSizes({ facts }: Survey): Finding[] {
  const pictures = readable(facts);
  const median = medianOf(pictures.map(shorterSide));
  const small = pictures.filter((one) => shorterSide(one) * oddTimes <= median);
  const large = pictures.filter((one) => shorterSide(one) >= median * oddTimes);
  return [
    ...odd(
      'odd-size',
      small,
      pictures.length,
      say`much smaller than the others, whose shorter side is ${median} in the median`,
    ),
    ...odd(
      'odd-size',
      large,
      pictures.length,
      say`much larger than the others, whose shorter side is ${median} in the median`,
    ),
  ];
}

export function findOddAspects({ facts }: Survey): Finding[] {
  const pictures = readable(facts);
  const median = medianOf(pictures.map(aspect));
  const strange = pictures.filter((one) => aspect(one) >= median * oddAspect || aspect(one) * oddAspect <= median);
  const usual = Math.round(median * 100) / 100;
  return odd(
    'odd-aspect',
    strange,
    pictures.length,
    say`of a shape unlike the others, whose width is ${usual} times their height in the median`,
  );
}

/** Grey pictures among colour ones, or the other way round: a network may learn that instead of what they show. */
export function findMixedColour({ facts, classNames }: Survey): Finding[] {
  const pictures = readable(facts);
  const grey = pictures.filter(({ channels }) => channels === 1);
  const colour = pictures.filter(({ channels }) => channels !== 1);
  if (grey.length === 0 || colour.length === 0) return [];
  const [few, name, others] =
    grey.length <= colour.length ? [grey, say`in grey`, say`in colour`] : [colour, say`in colour`, say`in grey`];
  const telling = classNames.flatMap((className, label) => {
    const share = shareOf(pictures, few, label);
    return share >= 0.5 && share >= (5 * few.length) / pictures.length
      ? [`${className} (${Math.round(share * 100)} %)`]
      : [];
  });
  return [
    aboutPictures('mixed-colour', telling.length > 0 ? 'warning' : 'note', few, {
      evidence: say`${countAre(few.length)} ${name}, the other ${pictures.length - few.length} ${others}.${
        telling.length > 0 ? say` They gather in ${telling.join(', ')}, so colour alone tells the class.` : ''
      }`,
      advice: say`Convert them to one kind where the difference means nothing, or leave them out.`,
      exclude: false,
    }),
  ];
}

function shareOf(pictures: readonly PictureFacts[], few: readonly PictureFacts[], label: number): number {
  const of = (list: readonly PictureFacts[]): number => list.filter((one) => one.label === label).length;
  return of(pictures) === 0 ? 0 : of(few) / of(pictures);
}

function odd(kind: 'odd-size' | 'odd-aspect', strange: readonly PictureFacts[], all: number, how: string): Finding[] {
  if (strange.length === 0 || strange.length > all * commonShare) return [];
  const sizes = strange.slice(0, 3).map(({ width, height }) => `${width}x${height}`);
  const evidence = say`${countAre(strange.length)} ${how} (width x height ${sizes.join(', ')}${strange.length > 3 ? ', …' : ''}).`;
  const advice = say`Look whether they belong to the set.`;
  return [aboutPictures(kind, 'note', strange, { evidence, advice, exclude: true })];
}

const shorterSide = ({ width, height }: PictureFacts): number => Math.min(width, height);
const aspect = ({ width, height }: PictureFacts): number => width / height;

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
