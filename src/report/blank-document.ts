import { parseHTML } from 'linkedom/worker';

/** A document of nobody's: Node has none, and web workers have none either. */
export const blankDocument = (): unknown => parseHTML('<!doctype html><html><body></body></html>').document;
