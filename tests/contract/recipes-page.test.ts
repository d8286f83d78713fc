import { expect, it } from 'vitest';
import { recipesPage } from './recipes-page.ts';

/** After a change: `npx vitest run tests/contract/recipes-page.test.ts -u` writes the page anew. */
it('docs/recipes.md is what the lists say', async () => {
  await expect(recipesPage()).toMatchFileSnapshot('../../docs/recipes.md');
});
