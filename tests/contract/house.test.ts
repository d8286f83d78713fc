import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. Within core each folder only what stands left of it; beyond core each part only what it is
 * allowed. Written as data, so that the rule can be read here and nowhere else.
 */
const order: readonly (readonly string[])[] = [
  ['tensor', 'shape', 'maths', 'random', 'errors', 'nearest', 'say'],
  ['formats'],
  ['image'],
  ['dataset'],
  ['graph'],
  ['ops'],
  ['layers', 'losses', 'optimizers', 'schedules'],
  ['model'],
  ['autodiff'],
  ['plan'],
  ['backend'],
  ['train'],
  ['classifier'],
  ['evaluate'],
  ['explain'],
  ['export'],
  ['import'],
  ['workbench'],
  ['index'],
];

/** Beyond core: part → the parts that it may import besides itself. */
const parts: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kernels: [],
  report: ['core'],
  node: ['core', 'report'],
  browser: ['core', 'report'],
  cli: ['core', 'report', 'node', 'server'],
  server: ['core', 'node'],
  studio: ['core', 'browser'],
  lessons: ['core', 'browser'],
};

/** Packages from outside that a part may use; Node's own modules only where `node:` is listed. */
const packages: Readonly<Record<string, RegExp>> = {
  core: /^(zod|fflate|fzstd|pbf|umap-js|hyparquet\/src\/snappy\.js|@dagrejs\/dagre)$/,
  kernels: /^$/,
  report: /^(@observablehq\/plot$|linkedom\/worker$)/,
  node: /^(node:|sharp$)/,
  browser: /^$/,
  cli: /^(node:|commander$)/,
  server: /^(node:|zod$|fastify$|@fastify\/|prom-client$|selfsigned$)/,
  studio: /^(react|react-dom|uplot|@xyflow\/react)($|\/)/,
  lessons: /^(react|react-dom)/,
};

/** Interfaces that may be imported by folders left of them, types only: the seams on which both sides agree. */
const seams: readonly (readonly [importer: RegExp, target: RegExp])[] = [
  [/^core\/plan\//, /^core\/backend\/backend\.ts$/],
  // The option declarations and `completeOptions` serve layers, losses, optimizers and schedules alike.
  [/^core\/(losses|optimizers|schedules)\//, /^core\/layers\//],
];

const root = fileURLToPath(new URL('../../src', import.meta.url));

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : /(?<!\.test|\.d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(text: string): { target: string; typeOnly: boolean }[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: { target: string; typeOnly: boolean }[] = [];
  for (const match of code.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    found.push({ target: match[2], typeOnly: match[1] !== undefined });
  }
  for (const match of code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) found.push({ target: match[1], typeOnly: false });
  return found;
}

/** The programs that lessons show and exports write stand in template strings, and import what they like. */
function programText(path: string): string {
  const text = readFileSync(path, 'utf8');
  return /course\/lessons|core\/export\/node-folder/.test(slashes(path)) ? text.replace(/`[^`]*`/g, "''") : text;
}

const slashes = (path: string): string => path.split(sep).join('/');

const imports: Import[] = sources(root).flatMap((path) =>
  importsOf(programText(path)).map(({ target, typeOnly }) => ({
    file: slashes(relative(root, path)),
    target: target.startsWith('.') ? slashes(relative(root, resolve(dirname(path), target))) : target,
    typeOnly,
  })),
);

const partOf = (file: string): string => file.split('/')[0];
const isInside = (target: string): boolean => Object.hasOwn(parts, partOf(target)) && target.includes('/');
const rankOf = (file: string): number => {
  const name = file.split('/')[1].replace(/\.(d\.)?ts$/, '');
  return order.findIndex((rank) => rank.includes(name));
};

describe('who may import whom', () => {
  it('sees the imports of the program', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(
      importsOf(
        "import type { A } from './a.ts';\nexport {\n  b,\n  c,\n} from '../b.ts';\nconst d = await import('d');",
      ),
    ).toEqual([
      { target: './a.ts', typeOnly: true },
      { target: '../b.ts', typeOnly: false },
      { target: 'd', typeOnly: false },
    ]);
  });

  it('knows the place of every file in core', () => {
    const lost = sources(join(root, 'core'))
      .map((path) => slashes(relative(root, path)))
      .filter((file) => rankOf(file) < 0);
    expect(lost).toEqual([]);
  });

  it('within core: only leftwards', () => {
    const wrong = imports
      .filter(({ file, target }) => partOf(file) === 'core' && isInside(target) && partOf(target) === 'core')
      .filter(
        ({ file, target }) =>
          rankOf(target) > rankOf(file) || (rankOf(target) === rankOf(file) && !sameFolder(file, target)),
      )
      .filter(({ file, target, typeOnly }) => !isSeam(file, target, typeOnly));
    expect(wrong).toEqual([]);
  });

  it('between parts: only what each is allowed', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        isInside(target) && partOf(target) !== partOf(file) && !parts[partOf(file)].includes(partOf(target)),
    );
    expect(wrong).toEqual([]);
  });

  it('from outside: only the packages each part is allowed', () => {
    const wrong = imports.filter(({ file, target }) => !isInside(target) && !packages[partOf(file)].test(target));
    expect(wrong).toEqual([]);
  });

  it('in core no function of the host whose bits differ between engines', () => {
    const banned =
      /\bMath\.(exp|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|pow|cbrt|hypot|random)\b|\*\*/;
    const wrong = sources(join(root, 'core')).flatMap((path) =>
      readFileSync(path, 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
        .split('\n')
        .map((line, i) => ({
          line: line.replace(/\/\/.*$/, '').replace(/'[^']*'|`[^`]*`/g, ''),
          at: `${slashes(relative(root, path))}:${i + 1}`,
        }))
        .filter(({ line, at }) => banned.test(line) && !allowedHostMaths(at, line))
        .map(({ at }) => at),
    );
    expect(wrong).toEqual([]);
  });
});

/** Whole powers of two, for limits in error messages and the like, are exact everywhere. */
const allowedHostMaths = (_at: string, line: string): boolean =>
  /\b2 \*\* \d+/.test(line) &&
  !/Math\.\w+/.test(line.replace(/Math\.(min|max|abs|floor|ceil|round|sqrt|fround|imul)/g, ''));

const sameFolder = (a: string, b: string): boolean => {
  const folder = (file: string): string => file.split('/')[1];
  // Single files directly in core (shape, random …) may use each other.
  return folder(a) === folder(b) || (a.split('/').length === 2 && b.split('/').length === 2);
};

const isSeam = (file: string, target: string, typeOnly: boolean): boolean =>
  seams.some(
    ([importer, aim]) => importer.test(file) && aim.test(target) && (typeOnly || aim.source.includes('layers')),
  );
