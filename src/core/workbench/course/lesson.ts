import type { Engine } from '../../backend/backend.ts';
import type { Options, OptionValues } from '../../layers/layer.ts';
import type { Figure, TableFigure } from './figure.ts';
import type { Attempt } from './score.ts';
import type { SourceName } from './sources.ts';

/** What a lesson computes with: the engine in front of the learner. */
export interface CourseHost {
  /** A new engine; whoever asks for it disposes of it. */
  createEngine(): Promise<Engine>;
  readonly signal?: AbortSignal;
  /** How far a longer experiment is: `epoch 2 of 5`. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly what: string }) => void;
}

/** What an experiment gives. */
export interface Findings {
  readonly figures: readonly Figure[];
  /** Numbers by name, for claims and exercises. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Of the trained weights: the same on every machine, so a teacher sees that thirty learners have the same run. */
  readonly hash?: string;
  /** Where the lesson keeps a score: what was tried in this run. */
  readonly attempts?: readonly Attempt[];
}

/** Something that can be tried, again and again with other settings; the engine computes all of it. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** One sentence: what to try and what to look at. */
  readonly doc: string;
  /** The controls, as a form. */
  readonly options: Options;
  /** `instant` ones run anew while a control is moved; `run` ones have a button, with how long it takes on two cores. */
  readonly pace: 'instant' | { readonly seconds: number };
  run(host: CourseHost, options: OptionValues): Promise<Findings>;
}

/** What came of an answer. */
export interface Verdict {
  readonly right: boolean;
  /** What is good about it, or the hint that fits this mistake. */
  readonly words: string;
  readonly figures: readonly Figure[];
  /** Where the lesson keeps a score: what was tried by this answer. */
  readonly attempts?: readonly Attempt[];
}

export type Answer = Readonly<Record<string, OptionValues[string]>>;

/** A task whose answer is tried out, not compared with a key. */
export interface Exercise {
  readonly task: string;
  /** The answer, as a form. */
  readonly options: Options;
  check(host: CourseHost, answer: OptionValues): Promise<Verdict>;
  /** One that is right: for the teacher and the tests. */
  readonly solution: Answer;
  /** Mistakes that learners make, and a part of the hint that each gets. */
  readonly mistakes: readonly { readonly answer: Answer; readonly hint: string }[];
}

/** A statement of the text that an experiment could refute. */
export interface Claim {
  readonly text: string;
  /** What is measured for it, and between which bounds it must lie. */
  measure(host: CourseHost): Promise<number>;
  readonly between: readonly [number, number];
  /** True where it takes long: it is checked by the acceptance, not by every test. */
  readonly slow?: boolean;
}

/**
 * A piece of a lesson. Texts hold *emphasis*, `code`, [words](term:NAME) for a term of the glossary and
 * [words](source:NAME) for a source.
 */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'formula'; readonly formula: string; readonly words: string }
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'experiment'; readonly experiment: Experiment };

export interface Lesson {
  /** From 1. */
  readonly number: number;
  readonly id: string;
  readonly title: string;
  /** What you will be able to do, each a phrase that begins with a verb. */
  readonly aims: readonly string[];
  readonly minutes: number;
  readonly blocks: readonly Block[];
  readonly exercise: Exercise;
  /** Where it keeps a score: what is to be found out one by one, and what one of it is called. */
  readonly score?: { readonly noun: string; readonly items: readonly string[] };
  /** The same in code: a whole program over `fovea` and `fovea/node`, which the tests run. */
  readonly code: string;
  /** The same on the command line: lines that the tests run, one after the other, in an empty folder. */
  readonly commands: readonly string[];
  readonly sources: readonly SourceName[];
  /** For the teacher alone: what learners are to find out, as tables. No page of theirs holds it. */
  readonly keys?: readonly Pick<TableFigure, 'title' | 'columns' | 'rows'>[];
  /** For the teacher: misconceptions that are met, each with what helps. */
  readonly misconceptions: readonly { readonly thought: string; readonly help: string }[];
}

export const experimentsOf = ({ blocks }: Lesson): Experiment[] =>
  blocks.flatMap((block) => (block.kind === 'experiment' ? [block.experiment] : []));

export const claimsOf = ({ blocks }: Lesson): Claim[] =>
  blocks.flatMap((block) => (block.kind === 'claim' ? [block.claim] : []));
