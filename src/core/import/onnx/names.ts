import type { OnnxNode } from '../../formats/onnx/messages.ts';
import type { Layer } from '../../layers/layer.ts';

/** Ids that a spec keeps for itself, and last parts that would be a parameter's name (see model/spec.ts). */
const reserved: ReadonlySet<string> = new Set(['input', 'logits', 'labels', 'loss', 'step']);
const parameters: ReadonlySet<string> = new Set(['weight', 'bias', 'running_mean', 'running_var']);

/** Gives each layer an id: the module that its weights or its operator are named after, or its kind and a number. */
export class LayerNames {
  private readonly taken = new Set<string>();
  private readonly counters = new Map<string, number>();

  take(node: OnnxNode, layer: Layer): string {
    const id = this.fitting(moduleOfWeight(node)) ?? this.fitting(moduleOfName(node)) ?? this.numbered(layer.idPrefix);
    this.taken.add(id);
    return id;
  }

  private fitting(id: string | undefined): string | undefined {
    if (id === undefined || id.length > 100 || !/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/.test(id)) return undefined;
    const last = id.slice(id.lastIndexOf('.') + 1);
    return this.taken.has(id) || reserved.has(id) || parameters.has(last) ? undefined : id;
  }

  private numbered(prefix: string): string {
    for (;;) {
      const count = (this.counters.get(prefix) ?? 0) + 1;
      this.counters.set(prefix, count);
      if (!this.taken.has(`${prefix}${count}`)) return `${prefix}${count}`;
    }
  }
}

/** `layer1.0.conv1.weight` → layer1.0.conv1 */
const moduleOfWeight = ({ inputs }: OnnxNode): string | undefined =>
  inputs[1]?.endsWith('.weight') ? inputs[1].slice(0, -'.weight'.length) : undefined;

/** PyTorch's `/layer1/layer1.0/conv1/Conv` → layer1.0.conv1; our own `layer1.0.conv1` as it is. */
function moduleOfName({ name, opType }: OnnxNode): string | undefined {
  if (!name.startsWith('/')) return name === '' ? undefined : name;
  const parts = name.slice(1).split('/');
  if (parts[parts.length - 1].replace(/_\d+$/, '') === opType) parts.pop();
  return parts.reduce((path, part) => (path === '' || part.startsWith(`${path}.`) ? part : joined(path, part)), '');
}

/** A part that repeats the end of the path before it stands for that: `features` and `features.0`. */
function joined(path: string, part: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return part.startsWith(`${last}.`) ? `${path.slice(0, path.length - last.length)}${part}` : `${path}.${part}`;
}
