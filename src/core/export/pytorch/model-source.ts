import type { BuiltLayer } from '../../model/build.ts';
import { inputId } from '../../model/spec.ts';
import { pytorchForms } from './forms.ts';

/**
 * The class `Model` in Python, and what it is made of. Whoever writes it into a file imports torch, `nn` and
 * `torch.nn.functional` as F, and says CHANNELS, HEIGHT and WIDTH.
 */
export function modelSource(layers: readonly BuiltLayer[]): string {
  const modules = layers.flatMap((layer) => {
    const module = formOf(layer).module?.(layer);
    return module === undefined ? [] : [`        place(self, "${layer.id}", ${module})`];
  });
  return `def place(model, path, module):
    """Makes a module a part of the model under a dotted path, as state_dict names it."""
    *above, name = path.split(".")
    for part in above:
        model = model._modules.setdefault(part, nn.Module())
    for inner, child in (model._modules.get(name) or nn.Module())._modules.items():
        module._modules[inner] = child
    model._modules[name] = module


class Factors(nn.Module):
    """Trained numbers by name and shape, for a layer that is no module of PyTorch's."""

    def __init__(self, shapes):
        super().__init__()
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.ones(shape)))


class Model(nn.Module):
    """Float32 [n, CHANNELS, HEIGHT, WIDTH] of normalised pictures to [n, classes] logits."""

    def __init__(self):
        super().__init__()
${modules.join('\n') || '        pass'}

    def forward(self, x):
        part = dict(self.named_modules())
${forward(layers).join('\n')}`;
}

/** The form of a layer, which the contract test has seen to be there. */
const formOf = (layer: BuiltLayer) => pytorchForms[layer.layer.type];

/** A line a layer. `x` runs through; what is read later or twice has a name of its own. */
function forward(layers: readonly BuiltLayer[]): string[] {
  const readers = new Map<string, number[]>();
  layers.forEach((layer, i) => {
    for (const id of new Set(layer.inputs)) readers.set(id, [...(readers.get(id) ?? []), i]);
  });
  const names = new Map<string, string>();
  /** The variable that a value is kept in: `x` where only the next layer reads it. */
  const nameOf = (id: string, place: number): string => {
    const reading = readers.get(id) ?? [];
    const passes = reading.length === 0 || (reading.length === 1 && reading[0] === place + 1);
    const name = passes ? 'x' : `kept${names.size + 1}`;
    if (!passes) names.set(id, name);
    return name;
  };
  const current = new Map<string, string>();
  const lines: string[] = [];
  const first = nameOf(inputId, -1);
  if (first !== 'x') lines.push(`        ${first} = x`);
  current.set(inputId, first);
  layers.forEach((layer, i) => {
    const inputs = layer.inputs.map((id) => current.get(id)!);
    const value = formOf(layer).call(layer, inputs, `part["${layer.id}"]`);
    const name = i === layers.length - 1 ? 'x' : nameOf(layer.id, i);
    lines.push(`        ${name} = ${value}`);
    current.set(layer.id, name);
  });
  return [...lines, '        return x'];
}
