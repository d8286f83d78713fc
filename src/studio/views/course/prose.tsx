import type { ReactNode } from 'react';
import { readProse } from '../../../core/workbench/course/prose.ts';
import { sources } from '../../../core/workbench/course/sources.ts';
import { InPlace } from '../../parts/in-place.tsx';
import { Term } from '../../parts/term.tsx';

/** A lesson's text: terms and sources open in place. */
export const Prose = ({ text }: { readonly text: string }): ReactNode =>
  readProse(text).map((span, i) => {
    // Spans have their order alone.
    const key = `${i} ${span.kind}`;
    if (span.kind === 'emphasis') return <em key={key}>{span.text}</em>;
    if (span.kind === 'code') return <code key={key}>{span.text}</code>;
    if (span.kind === 'term')
      return (
        <Term key={key} name={span.term}>
          {span.text}
        </Term>
      );
    if (span.kind === 'source')
      return (
        <InPlace key={key} meaning={sources[span.source]} language="en">
          {span.text}
        </InPlace>
      );
    return <span key={key}>{span.text}</span>;
  });
