import type { Classifier } from '../classifier/classifier.ts';
import { writeClassifier } from '../classifier/file.ts';
import { mismatch } from '../errors.ts';
import { fromBase64, toBase64 } from '../formats/base64.ts';
import { escapeMarkup } from '../formats/markup.ts';

/** Where the page that the build made waits for the model (scripts/build-embed.mjs). */
const places = { title: '@@FOVEA_TITLE@@', model: '@@FOVEA_MODEL@@' } as const;
/** Base64 of more is a longer string than browsers hold. */
const mostBytes = 300e6;

/**
 * The page with a classifier in it. The model stands there in base64, so none of its names can become a part of the page;
 * of the title every character that HTML knows is escaped.
 *
 * @param template dist/embed/page.html. @param title a line that names the model to people.
 * @throws FoveaError for a model that is too large for a page.
 */
export function exportPage(classifier: Classifier, template: string, title: string): string {
  // Where it comes from concerns whoever trained it, and may name folders of theirs.
  const model = writeClassifier({ ...classifier, origin: {} });
  if (model.length > mostBytes) {
    const size = `${Math.round(model.length / 1e6)} MB`;
    const mend = 'Export it to onnx or serve it with fovea serve';
    throw mismatch(`a model of at most ${mostBytes / 1e6} MB`, 'a page', size, mend);
  }
  return template.replaceAll(places.title, () => escapeMarkup(title)).replace(places.model, () => toBase64(model));
}

/** What a page holds, to be run as the page runs it. @throws FoveaError for another page. */
export function pageParts(html: string): { readonly model: Uint8Array; readonly kernels: Uint8Array<ArrayBuffer> } {
  const part = (id: string): Uint8Array<ArrayBuffer> => {
    const start = `<script id="${id}" type="text/plain">`;
    const from = html.indexOf(start);
    const to = html.indexOf('</script>', from);
    if (from < 0 || to < 0) throw mismatch('a page that Fovea exported', 'the page', `one without '${id}'`);
    return fromBase64(html.slice(from + start.length, to));
  };
  return { model: part('model'), kernels: part('kernels') };
}
