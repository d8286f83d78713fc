import { type ReactNode, useMemo } from 'react';
import { drawPanel, sizeOfPanel } from '../../core/explain/draw/draw.ts';
import type { Panel } from '../../core/explain/panel.ts';
import { RgbPicture } from './rgb-picture.tsx';

interface PanelPictureProps {
  readonly panel: Panel;
  /** Shown so wide, in CSS pixels. */
  readonly side: number;
  readonly label?: string;
}

/** A panel of an explanation in its colours: those of the reports and of the command line. */
export function PanelPicture({ panel, side, label }: PanelPictureProps): ReactNode {
  const drawn = useMemo(() => {
    const { height, width } = sizeOfPanel(panel);
    // Frames and heatmaps need finer pixels than their picture has; plain values are enlarged by the browser.
    const fine = panel.box || (panel.kind === 'values' && panel.over);
    return drawPanel(panel, fine ? Math.max(1, Math.ceil((2 * side) / Math.max(height, width))) : 1);
  }, [panel, side]);
  return <RgbPicture {...drawn} pixels={drawn.data} side={side} label={label ?? panel.title} />;
}
