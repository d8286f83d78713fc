import type { ReactNode } from 'react';
import { readProse, type Span } from '../../../core/workbench/course/prose.ts';
import { sources } from '../../../core/workbench/course/sources.ts';
import { InPlace } from '../../parts/in-place.tsx';
import { Term } from '../../parts/term.tsx';

/** A lesson's text: terms and sources open in place. */
export const Prose = ({ text }: { readonly text: string }): ReactNode =>
  gluedSpans(readProse(text)).map(({ before, span, after }, i) => {
    // Spans have their order alone.
    const key = `${i} ${span.kind}`;
    if (before === '' && after === '') return <SpanOf key={key} span={span} />;
    return (
      <span key={key} className="glued">
        {before}
        <SpanOf span={span} />
        {after}
      </span>
    );
  });

function SpanOf({ span }: { readonly span: Span }): ReactNode {
  if (span.kind === 'emphasis') return <em>{span.text}</em>;
  if (span.kind === 'code') return <code>{span.text}</code>;
  if (span.kind === 'term') return <Term name={span.term}>{span.text}</Term>;
  if (span.kind === 'source') {
    return (
      <InPlace meaning={sources[span.source]} language="en">
        {span.text}
      </InPlace>
    );
  }
  return <span>{span.text}</span>;
}

interface Glued {
  /** Marks that open before it, such as a bracket, and those that close after it: no line ends between them and it. */
  readonly before: string;
  readonly span: Span;
  readonly after: string;
}

/** A term is a box of its own to the browser, which would break lines between it and its brackets. */
function gluedSpans(spans: readonly Span[]): Glued[] {
  const isBox = (span: Span | undefined): boolean => span?.kind === 'term' || span?.kind === 'source';
  return spans.map((span, i): Glued => {
    const [last, next] = [spans[i - 1], spans[i + 1]];
    if (isBox(span)) {
      return {
        before: last?.kind === 'plain' ? opening(last.text) : '',
        span,
        after: next?.kind === 'plain' ? closing(next.text) : '',
      };
    }
    if (span.kind !== 'plain') return { before: '', span, after: '' };
    const from = isBox(last) ? closing(span.text).length : 0;
    const to = span.text.length - (isBox(next) ? opening(span.text).length : 0);
    return { before: '', span: { ...span, text: span.text.slice(from, Math.max(from, to)) }, after: '' };
  });
}

const opening = (text: string): string => /[(["“]*$/.exec(text)?.[0] ?? '';
const closing = (text: string): string => /^[)\].,;:!?"”]*/.exec(text)?.[0] ?? '';
