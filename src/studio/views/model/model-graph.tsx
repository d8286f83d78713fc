import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { ModelDraft } from '../../../core/model/spec.ts';
import type { Placed, PlacedBox } from '../../../core/workbench/picture/layout.ts';
import { useWords } from '../../words/use-words.tsx';
import { type ModelProblem, type ShownModel, shapeText } from './kinds.ts';

interface ModelGraphProps {
  readonly draft: ModelDraft;
  readonly shown: ShownModel | undefined;
  readonly problem: ModelProblem | undefined;
  readonly chosen: string | undefined;
  onChoose(id: string): void;
}

interface BoxData extends Record<string, unknown> {
  readonly placed: PlacedBox;
  readonly chosen: string | undefined;
  readonly wrong: boolean;
  onChoose(id: string): void;
}

const types = { box: memo(BoxNode) };

/** The network from top to bottom; a box is a layer with the norms and activations after it, each of which can be chosen. */
export default function ModelGraph(props: ModelGraphProps): ReactNode {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ draft, shown, problem, chosen, onChoose }: ModelGraphProps): ReactNode {
  const { t } = useWords();
  const placed = useLayout(draft, shown);
  const flow = useReactFlow();
  const nodes = useMemo(
    (): Node<BoxData>[] =>
      (placed?.boxes ?? []).map((one) => ({
        id: one.box.id,
        type: 'box',
        position: { x: one.x, y: one.y },
        width: one.width,
        height: one.height,
        draggable: false,
        connectable: false,
        selectable: false,
        focusable: false,
        data: {
          placed: one,
          chosen: one.box.layers.find((id) => id === chosen),
          wrong: one.box.layers.includes(problem?.layer ?? ''),
          onChoose,
        },
      })),
    [placed, chosen, problem, onChoose],
  );
  const edges = useMemo(
    (): Edge[] =>
      (placed?.boxes ?? []).flatMap(({ box }) =>
        box.inputs.map((input) => ({
          id: `${input}>${box.id}`,
          source: input,
          target: box.id,
          type: 'default',
          focusable: false,
          selectable: false,
        })),
      ),
    [placed],
  );
  const place = placed?.boxes.find(({ box }) => box.layers.includes(chosen ?? ''));
  const size = `${placed?.width} ${placed?.boxes.length}`;
  // Another network is shown from its top, as wide as it fits; the one that is edited stays where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is that of the first sight.
  useEffect(() => {
    if (!placed) return;
    const frame = requestAnimationFrame(() => {
      const room = document.querySelector<HTMLElement>('.graph')?.clientWidth ?? placed.width;
      const zoom = Math.min(1, room / (placed.width + 32));
      const top = place ? Math.max(0, place.y - 120) : 0;
      void flow.setViewport({ x: (room - placed.width * zoom) / 2, y: 16 - top * zoom, zoom });
    });
    return () => cancelAnimationFrame(frame);
  }, [size === 'undefined undefined', flow]);
  return (
    <section className="graph" aria-label={t('model.graphLabel')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={types}
        minZoom={0.1}
        maxZoom={2}
        panOnScroll
        nodesFocusable={false}
        edgesFocusable={false}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: false }}
      >
        <Background gap={16} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

function BoxNode({ data }: NodeProps<Node<BoxData>>): ReactNode {
  const { placed, chosen, wrong, onChoose } = data;
  const { box, width, height } = placed;
  const [first, ...rest] = box.layers;
  const shape = box.shape.length > 0 ? shapeText(box.shape) : '';
  return (
    <div
      className={`box ${box.family}${wrong ? ' is-wrong' : ''}${chosen ? ' is-chosen' : ''}`}
      style={{ width, height }}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
      <button
        type="button"
        className="nodrag nopan"
        disabled={first === undefined}
        onClick={() => onChoose(first)}
        aria-current={chosen === first && first !== undefined ? 'true' : undefined}
      >
        <span className="name">{box.title}</span>
        <span className="shape">{shape}</span>
        {box.detail !== '' && <span className="detail">{box.detail}</span>}
      </button>
      {rest.length > 0 && (
        <p>
          {rest.map((id, i) => (
            <button
              type="button"
              className="nodrag nopan"
              key={id}
              title={id}
              onClick={() => onChoose(id)}
              aria-current={chosen === id ? 'true' : undefined}
            >
              {box.also[i]}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

/** The places of the boxes, from a worker; those of before stay until the new ones are there. */
function useLayout(draft: ModelDraft, shown: ShownModel | undefined): Placed | undefined {
  const [placed, setPlaced] = useState<Placed>();
  const worker = useRef<Worker | undefined>(undefined);
  const turn = useRef(0);
  useEffect(() => {
    const made = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    made.onmessage = ({ data }) => {
      if (data.turn === turn.current && data.placed) setPlaced(data.placed);
    };
    worker.current = made;
    return () => made.terminate();
  }, []);
  useEffect(() => {
    if (!shown) return;
    turn.current++;
    worker.current?.postMessage({ turn: turn.current, draft, shown });
  }, [draft, shown]);
  return placed;
}
