import { invalid, mismatch } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { partWithin } from './sources/part-names.ts';

/** One file of a set, as its authors publish it. */
export interface CatalogueFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the whole file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A data set that can be fetched by name. */
export interface CatalogueSet {
  readonly name: string;
  /** One phrase. */
  readonly doc: string;
  /** What one may do with it, one sentence. */
  readonly licence: string;
  /** Where its authors describe it. */
  readonly homepage: string;
  /** Folders on the web that hold the files under their names, tried in this order; https only. */
  readonly bases: readonly string[];
  readonly files: readonly CatalogueFile[];
  /** The file that is named when the set is read; absent: the folder of all files. */
  readonly entry?: string;
  /** Names of the classes, where the files do not hold them; written beside them as `classes.txt`. */
  readonly classNames?: readonly string[];
  /** What the set's class folders are called, where they bear numbers, by folder. */
  readonly folderNames?: Readonly<Record<string, string>>;
}

const idxNames = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;

/** The four files of a set in MNIST's form. @param facts size and SHA-256, in the order of `idxNames`. */
const idxFiles = (facts: readonly (readonly [size: number, sha256: string])[]): CatalogueFile[] =>
  idxNames.map((name, i) => ({ name, size: facts[i][0], sha256: facts[i][1] }));

/**
 * THE LIST of sets that `fovea data get` knows. Sizes and checksums as TensorFlow Datasets records them
 * (tensorflow_datasets/url_checksums); addresses as the authors, torchvision and TensorFlow name them. A set is added
 * with sizes and checksums from a source of that kind, never with those of a copy that happened to be at hand.
 */
export const catalogue: readonly CatalogueSet[] = [
  {
    name: 'mnist',
    doc: 'handwritten digits, 60,000 + 10,000, 28x28 grey, 10 classes',
    licence: 'The authors (LeCun, Cortes, Burges) state no licence; commonly given as CC BY-SA 3.0.',
    homepage: 'http://yann.lecun.com/exdb/mnist/',
    bases: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
    files: idxFiles([
      [9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
      [28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
      [1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
      [4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
    ]),
  },
  {
    name: 'fashion-mnist',
    doc: 'clothes, 60,000 + 10,000, 28x28 grey, 10 classes',
    licence: 'MIT licence, copyright Zalando SE.',
    homepage: 'https://github.com/zalandoresearch/fashion-mnist',
    bases: [
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    ],
    files: idxFiles([
      [26421880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
      [29515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
      [4422102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
      [5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
    ]),
    classNames: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
  },
  {
    name: 'kmnist',
    doc: 'cursive Japanese characters, 60,000 + 10,000, 28x28 grey, 10 classes',
    licence:
      'CC BY-SA 4.0: "KMNIST Dataset" (created by CODH), adapted from "Kuzushiji Dataset" (created by NIJL and others), doi:10.20676/00000341.',
    homepage: 'https://github.com/rois-codh/kmnist',
    bases: ['https://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
    files: idxFiles([
      [18165135, '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4'],
      [29497, 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17'],
      [3041136, 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5'],
      [5120, '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c'],
    ]),
    classNames: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  },
  {
    name: 'cifar10',
    doc: 'small photographs, 50,000 + 10,000, 32x32 colour, 10 classes',
    licence: 'The authors state no licence; they ask to cite Krizhevsky, Learning Multiple Layers of Features (2009).',
    homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    bases: ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'],
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        size: 170052171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
    entry: 'cifar-10-binary.tar.gz',
  },
  {
    name: 'cifar100',
    doc: 'small photographs, 50,000 + 10,000, 32x32 colour, 100 classes',
    licence: 'The authors state no licence; they ask to cite Krizhevsky, Learning Multiple Layers of Features (2009).',
    homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    bases: ['https://www.cs.toronto.edu/~kriz/', 'https://cave.cs.toronto.edu/kriz/'],
    files: [
      {
        name: 'cifar-100-binary.tar.gz',
        size: 168513733,
        sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      },
    ],
    entry: 'cifar-100-binary.tar.gz',
  },
  {
    name: 'imagenette',
    doc: 'photographs of 10 easy ImageNet classes, 9,469 + 3,925, shorter side 160',
    licence:
      "The selection: Apache 2.0 (fast.ai). The photographs are ImageNet's, for non-commercial research and education.",
    homepage: 'https://github.com/fastai/imagenette',
    bases: ['https://s3.amazonaws.com/fast-ai-imageclas/'],
    files: [
      {
        name: 'imagenette2-160.tgz',
        size: 98948031,
        sha256: '88daccb09b6fce93f45e6c09ddeb269cce705549e6bff322092a2a5a11489863',
      },
    ],
    entry: 'imagenette2-160.tgz',
    folderNames: {
      n01440764: 'tench',
      n02102040: 'English springer',
      n02979186: 'cassette player',
      n03000684: 'chain saw',
      n03028079: 'church',
      n03394916: 'French horn',
      n03417042: 'garbage truck',
      n03425413: 'gas pump',
      n03445777: 'golf ball',
      n03888257: 'parachute',
    },
  },
];

/** The names of class folders where all of them are the numbers of one set, in the given order; undefined else. */
export function namesOfFolders(
  folders: readonly string[],
): { readonly set: string; readonly names: string[] } | undefined {
  for (const { name, folderNames } of catalogue) {
    if (folderNames && folders.every((folder) => Object.hasOwn(folderNames, folder)))
      return { set: name, names: folders.map((folder) => folderNames[folder]) };
  }
  return undefined;
}

/** Bytes of all files of a set. */
export const sizeOfSet = ({ files }: CatalogueSet): number => files.reduce((sum, { size }) => sum + size, 0);

/** What a name means that a person gives to `fovea data get`. */
export type NamedSet =
  | { readonly kind: 'catalogue'; readonly set: CatalogueSet }
  | { readonly kind: 'hub'; readonly owner: string; readonly name: string };

/** A step of a path on every system, and of a Hugging Face name: no separators, no `.` at the start, no reserved name. */
export const isPlainName = (text: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}$/.test(text) &&
  !text.endsWith('.') &&
  !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(text);

/** `mnist`, or `hf:owner/name`. @throws FoveaError naming the sets that there are. */
export function parseSetName(text: string): NamedSet {
  const set = catalogue.find(({ name }) => name === text);
  if (set) return { kind: 'catalogue', set };
  if (text.startsWith('hf:')) {
    const [owner, name, ...rest] = text.slice(3).split('/');
    if (rest.length > 0 || !isPlainName(owner) || name === undefined || !isPlainName(name))
      throw invalid(
        'hf:OWNER/NAME',
        'the data set',
        text,
        'Copy the name from the top of its page on huggingface.co/datasets',
      );
    return { kind: 'hub', owner, name };
  }
  const names = catalogue.map(({ name }) => name);
  const mend = suggest(text, names);
  throw invalid(
    `one of ${names.join(', ')} or hf:OWNER/NAME`,
    'the data set',
    text,
    mend.startsWith('Did you mean') ? mend : '',
  );
}

/** The folder of a set below the folder of all sets, with slashes: `mnist`, `hf/owner/name`. */
export const folderOfSet = (named: NamedSet): string =>
  named.kind === 'catalogue' ? named.set.name : `hf/${named.owner}/${named.name}`;

/** The name by which a person asks for it. */
export const nameOfSet = (named: NamedSet): string =>
  named.kind === 'catalogue' ? named.set.name : `hf:${named.owner}/${named.name}`;

/** One Parquet file of a set on Hugging Face. */
export interface HubFile {
  /** Where it goes below the set's folder, with slashes. */
  readonly path: string;
  /** Its address below the hub's. */
  readonly address: string;
}

/**
 * Reads the hub's list of Parquet files, `{"subset": {"split": ["address", …]}}` (the Hub API's
 * `/api/datasets/OWNER/NAME/parquet`). Addresses in it are counted and not followed: each file has the address
 * `/api/datasets/OWNER/NAME/parquet/SUBSET/SPLIT/NUMBER.parquet`, and names that could lead out of the folder are refused.
 * Splits that are neither train, val nor test are left out, where there are some that are.
 * @param subset which one to take, where there are several.
 * @throws FoveaError.
 */
export function readHubListing(
  listing: unknown,
  { owner, name }: { readonly owner: string; readonly name: string },
  subset?: string,
): { readonly subset: string; readonly files: readonly HubFile[]; readonly leftOut: readonly string[] } {
  const subject = `the list of files of hf:${owner}/${name}`;
  const mend = 'Check the name on huggingface.co/datasets; the set must be public and have its Parquet form';
  if (!isRecord(listing)) throw mismatch('subsets and splits', subject, 'something else', mend);
  const subsets = Object.keys(listing);
  if (subsets.length === 0) throw mismatch('Parquet files', subject, 'none', mend);
  const chosen = subset ?? (subsets.length === 1 ? subsets[0] : subsets.find((one) => one === 'default'));
  if (chosen === undefined || !subsets.includes(chosen)) {
    const some = subsets.slice(0, 12).join(', ');
    throw invalid(`one of the subsets ${some}`, `hf:${owner}/${name}`, chosen, 'Choose one with --subset');
  }
  const splits = listing[chosen];
  if (!isRecord(splits)) throw mismatch('splits', subject, 'something else', mend);
  const files: HubFile[] = [];
  const leftOut: string[] = [];
  const hasParts = Object.keys(splits).some((split) => partWithin(split) !== undefined);
  for (const [split, addresses] of Object.entries(splits)) {
    if (!Array.isArray(addresses)) throw mismatch('a list of addresses', `split '${split}' of ${subject}`, 'none');
    if (!isPlainName(split)) throw invalid('a plain name', `a split in ${subject}`, split, 'Nothing was fetched');
    if (hasParts && partWithin(split) === undefined) {
      leftOut.push(split);
      continue;
    }
    for (let number = 0; number < addresses.length; number++) {
      const steps = [owner, name, 'parquet', chosen, split, `${number}.parquet`];
      files.push({
        path: `${split}/${String(number).padStart(4, '0')}.parquet`,
        address: `api/datasets/${steps.map(encodeURIComponent).join('/')}`,
      });
    }
  }
  if (files.length === 0) throw mismatch('Parquet files', subject, 'none', mend);
  if (files.length > 10_000) throw mismatch('at most 10,000 files', subject, String(files.length));
  return { subset: chosen, files, leftOut };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
