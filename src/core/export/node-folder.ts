import type { Classifier } from '../classifier/classifier.ts';
import { writeClassifier } from '../classifier/file.ts';

/** The packages that Fovea needs, as the build wrote them down (dist/embed/node-lock.json). */
export interface LockedPackages {
  readonly fovea: { readonly version: string } & Readonly<Record<string, unknown>>;
  /** By their place: `node_modules/NAME`. */
  readonly packages: Readonly<Record<string, unknown>>;
}

/** Where npm gets Fovea from: the registry, or a packed file that goes into the folder. */
export type FoveaPackage = { readonly file: string; readonly bytes: Uint8Array } | undefined;

/** The program. Its types come from the package, so editors and `tsc` check it as it stands. */
const program = `// @ts-check
// Classifies pictures: node . PICTURE...
import { readFile } from 'node:fs/promises';
import { openClassifier, readClassifier } from 'fovea';
import { createEngine, decodeImage } from 'fovea/node';

const classifier = readClassifier(await readFile(new URL('model.safetensors', import.meta.url)), 'model.safetensors');
const engine = await createEngine({ inline: true });
const session = await openClassifier(engine, classifier, 1);
for (const file of process.argv.length > 2 ? process.argv.slice(2) : ['example.png']) {
  const [top] = await session.classify([await decodeImage(file)], 3);
  console.log(file, top.map((one) => \`\${one.class} \${(100 * one.probability).toFixed(1)} %\`).join(', '));
}
await engine.dispose();
`;

/**
 * A folder that classifies with `npm ci && node .`: name → content. It holds an own lock of packages, so that npm installs
 * the versions that Fovea was tested with.
 *
 * @param name of the package; made valid. @param example a picture as PNG, classified where none is named.
 */
export function exportNodeFolder(
  classifier: Classifier,
  { name, lock, example, from }: { name: string; lock: LockedPackages; example: Uint8Array; from?: FoveaPackage },
): ReadonlyMap<string, Uint8Array> {
  const dependencies = { fovea: from ? `file:${from.file}` : `^${lock.fovea.version}` };
  const own = { name: packageName(name), version: '1.0.0' };
  const { license, engines } = lock.fovea;
  const packageJson = { ...own, private: true, type: 'module', main: 'index.js', engines, dependencies };
  const packageLock = {
    ...own,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { ...own, dependencies, engines },
      'node_modules/fovea': { ...lock.fovea, license, ...(from ? { resolved: dependencies.fovea } : {}) },
      ...lock.packages,
    },
  };
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const json = (content: unknown): Uint8Array => text(`${JSON.stringify(content, null, 2)}\n`);
  return new Map([
    ['package.json', json(packageJson)],
    ['package-lock.json', json(packageLock)],
    ['index.js', text(program)],
    ['model.safetensors', writeClassifier(classifier)],
    ['example.png', example],
    ...(from ? [[from.file, from.bytes] as const] : []),
  ]);
}

/** As npm allows it: lower case, digits and hyphens. */
function packageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
  return plain === '' || plain === 'fovea' ? `${plain || 'fovea'}-model` : plain;
}
