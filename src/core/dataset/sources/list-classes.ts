import { mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { say } from '../../say.ts';
import { naturalOrder } from '../natural-order.ts';
import { partOf } from './part-names.ts';
import { type Entry, entrySubject, readClassNames, type Tree } from './tree.ts';

/** What classes are called: labels as they stand; numbers by a file of names or by the folders their pictures lie in. */
export async function nameClasses(
  tree: Tree,
  entry: Entry,
  all: readonly { readonly entry: Entry; readonly label: string }[],
): Promise<{ names: ReadonlyMap<string, string>; why: string }> {
  const labels = [...new Set(all.map(({ label }) => label))].sort(naturalOrder);
  const asTheyStand = new Map(labels.map((label) => [label, label]));
  if (!labels.every((label) => /^\d{1,6}$/.test(label)))
    return { names: asTheyStand, why: say`Class names are the labels as they stand in the list.` };
  const folders = [entry.path.split('/').slice(0, -1), []].map((steps) =>
    steps.reduce<typeof tree.root | undefined>((at, step) => at?.folders.find(({ name }) => name === step), tree.root),
  );
  for (const folder of folders) {
    const named = folder && (await readClassNames(tree, folder));
    if (!named) continue;
    const numbers = labels.map(Number);
    const base = numbers.includes(0) || Math.max(...numbers) < named.names.length ? 0 : 1;
    const highest = Math.max(...numbers) - base;
    if (highest >= named.names.length)
      throw mismatch(
        `at least ${highest + 1} class names, since label ${highest + base} occurs,`,
        entrySubject(tree, named.entry),
        String(named.names.length),
      );
    return {
      names: new Map(labels.map((label) => [label, named.names[Number(label) - base]])),
      why: say`Class names from ${quotePath(named.entry.name)}${base === 1 ? say`, counted from 1` : ''}.`,
    };
  }
  const folderNames = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const { label, entry: picture } of all) {
    const above = picture.path.split('/').slice(-2, -1)[0];
    if (above === undefined || partOf(above)) return numbered(asTheyStand);
    if ((folderNames.get(label) ?? above) !== above || (taken.get(above) ?? label) !== label)
      return numbered(asTheyStand);
    folderNames.set(label, above);
    taken.set(above, label);
  }
  return { names: folderNames, why: say`Class numbers are named after the folders in which their pictures lie.` };
}

const numbered = (names: ReadonlyMap<string, string>) => ({
  names,
  why: say`Class names are the numbers of the list: no file of class names (classes.txt) beside it.`,
});
