import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { figure } from './words.ts';

export const noSpatialStructure: Check = {
  kind: 'no-spatial-structure',
  doc: 'neighbouring pixels have nothing to do with each other',
  examine({ facts, recipe, onData }) {
    const { height, width } = { height: recipe.model.input[0], width: recipe.model.input[1] };
    const looksAround = recipe.model.layers.some(({ type }) => /conv|pool/i.test(type));
    if (!facts || !looksAround || height < 4 || width < 4 || facts.neighbours >= 0.1) return undefined;
    return {
      severity: 'warning',
      since: 1,
      evidence: { neighbours: facts.neighbours },
      words: say`Neighbouring pixels correlate by ${figure(facts.neighbours)} (in photographs and drawings 0.5 to 0.98): they are in no order, or noise. A convolution looks for shapes among neighbours and finds none.`,
      next: onData(say`Look at the pictures as training sees them.`, 'data', 'augment', 'DATA'),
    };
  },
};
