import { type Edge, Graph, layout } from '@dagrejs/dagre';
import type { Box } from './boxes.ts';

export interface PlacedBox {
  readonly box: Box;
  /** Upper left corner, and size, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Placed {
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/** From top to bottom in layers (Sugiyama, Tagawa and Toda 1981), by dagre. @param sizeOf width and height of a box. */
export function placeBoxes(
  boxes: readonly Box[],
  sizeOf: (box: Box) => { readonly width: number; readonly height: number },
): Placed {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 18, edgesep: 14, ranksep: 22, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { ...sizeOf(box) });
  // The first input has more weight: the body of a block stays in line, its shortcut goes round.
  for (const { id, inputs } of boxes)
    inputs.forEach((input, i) => void graph.setEdge(input, id, { weight: i === 0 ? 4 : 1 }));
  layout(graph);
  const placed = boxes.map((box): PlacedBox => {
    const { x, y, width, height } = graph.node(box.id) as { x: number; y: number; width: number; height: number };
    return { box, x: x - width / 2, y: y - height / 2, width, height };
  });
  const edges = graph.edges().map((edge: Edge) => graph.edge(edge) as unknown as PlacedEdge);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { boxes: placed, edges, width: Math.ceil(width), height: Math.ceil(height) };
}
