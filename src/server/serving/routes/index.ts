import type { Route } from '../route.ts';
import { classifyRoute } from './classify.ts';
import { liveRoute, metricsRoute, readyRoute } from './health.ts';
import { kserveRoutes } from './kserve.ts';
import { listRoute, reloadRoute, showRoute } from './models.ts';

/** THE LIST of routes: what is answered, and what the description of the interface tells. */
export const routes: readonly Route[] = [
  classifyRoute,
  listRoute,
  showRoute,
  reloadRoute,
  liveRoute,
  readyRoute,
  metricsRoute,
  ...kserveRoutes,
];
