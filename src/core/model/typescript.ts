import { layerNamed } from '../layers/index.ts';
import type { Part } from './builder.ts';
import { canonicalModel } from './canonical.ts';
import { asPart, explicitIds, partsOf } from './nested-parts.ts';
import { inputId, type LayerSpec, type ModelDraft } from './spec.ts';

type LayerPart = Part & { readonly kind: 'layer' };

/**
 * A model as the text of a TypeScript module whose default export is the model again, the same in every id and option:
 * by `sequential` where branches say it all, else by `graph`.
 *
 * @param from what the module imports from. @throws FoveaError as `parseModelDraft`.
 */
export function typescriptOf(given: ModelDraft, from = 'fovea'): string {
  const model = canonicalModel(given);
  const parts = partsOf(model);
  const used = new Set<string>();
  const { name, input, classes } = model;
  const options = objectText({ name, input, classes });
  const tail = options === undefined ? '' : `, ${options}`;
  const body = parts
    ? `sequential(${listText(parts, used, 0)}${tail})`
    : `graph((input, apply) => {\n${graphText(model.layers, used)}\n}${tail})`;
  const names = [...used, parts ? 'sequential' : 'graph'].sort();
  return `import { ${names.join(', ')} } from ${text(from)};\n\nexport default ${body};\n`;
}

function listText(parts: readonly Part[], used: Set<string>, depth: number): string {
  if (parts.length === 0) return '[]';
  const indent = '  '.repeat(depth + 1);
  const lines = parts.map((part) => `${indent}${partText(part, used, depth + 1)},\n`);
  return `[\n${lines.join('')}${'  '.repeat(depth)}]`;
}

function partText(part: Part, used: Set<string>, depth: number): string {
  if (part.kind === 'layer') return callText(part, used);
  const { merge, paths } = part;
  const lists = paths.map((path) => listText(path, used, depth));
  if (merge.type === 'add' && paths.length === 2) {
    used.add('residual');
    const options = objectText(merge.options);
    if (options === undefined) return `residual(${paths[1].length === 0 ? lists[0] : lists.join(', ')})`;
    return `residual(${lists.join(', ')}, ${options})`;
  }
  used.add('branches');
  return `branches(${callText(merge, used)}, ${lists.join(', ')})`;
}

/** `conv2d(32, { kernelSize: 3 })`. */
function callText({ type, options }: LayerPart, used: Set<string>): string {
  used.add(type);
  const first = layerNamed(type, 'the model').positional?.[0];
  if (first === undefined || allByName.has(type)) return `${type}(${objectText(options) ?? ''})`;
  const { [first]: value, ...rest } = options;
  const others = objectText(rest);
  if (others === undefined) return `${type}(${value === undefined ? '' : text(value)})`;
  return `${type}(${value === undefined ? 'undefined' : text(value)}, ${others})`;
}

/** Functions of the builder that take no option by position. */
const allByName: ReadonlySet<string> = new Set(['depthwiseConv2d']);

/** What no constant may be called. */
const words =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|arguments|undefined)$/;

/** A line a layer; names of constants follow the ids. */
function graphText(layers: readonly LayerSpec[], used: Set<string>): string {
  const explicit = explicitIds(layers);
  const names = new Map([[inputId, 'input']]);
  const taken = new Set(['input', 'apply', 'graph', ...layers.map(({ type }) => type)]);
  const lines = layers.map((layer, i) => {
    const previous = i === 0 ? inputId : layers[i - 1].id;
    const inputs = (layer.inputs ?? [previous]).map((id) => names.get(id));
    const call = `apply(${[callText(asPart(layer, explicit.has(layer.id)), used), ...inputs].join(', ')})`;
    if (i === layers.length - 1) return `  return ${call};`;
    const plain = layer.id.replace(/[^A-Za-z0-9]+/g, '_');
    const base = /^\d/.test(plain) || words.test(plain) ? `$${plain}` : plain;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}$${n}`;
    taken.add(name);
    names.set(layer.id, name);
    return `  const ${name} = ${call};`;
  });
  return lines.join('\n');
}

/** `{ kernelSize: 3, padding: 'same' }`; undefined where there is nothing in it. */
function objectText(options: Readonly<Record<string, unknown>>): string | undefined {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return undefined;
  return `{ ${entries.map(([name, value]) => `${name}: ${text(value)}`).join(', ')} }`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  return typeof value === 'string' && /^[\w .:/@-]*$/.test(value) ? `'${value}'` : JSON.stringify(value);
}
