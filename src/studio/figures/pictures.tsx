import type { ReactNode } from 'react';
import type { PicturesFigure } from '../../core/workbench/course/figure.ts';
import { RgbPicture } from '../parts/rgb-picture.tsx';

export const PicturesDrawing = ({ figure }: { readonly figure: PicturesFigure }): ReactNode => (
  <ul className="figure-pictures" style={{ '--columns': figure.columns } as React.CSSProperties}>
    {figure.pictures.map(({ picture, caption }, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two pictures may have one caption.
      <li key={i}>
        <RgbPicture {...picture} pixels={picture.data} label={caption} />
        <span className="small">{caption}</span>
      </li>
    ))}
  </ul>
);
