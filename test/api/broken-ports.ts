import type { ApiPorts } from '../../src/api/ports.ts';
import { systemClock } from '../../src/kit/clock.ts';

/** What never works. */
export const broken = (): never => {
  throw new Error('broken');
};

/** Of a Rondo in which nothing works. */
export const BROKEN: ApiPorts = {
  token: () => undefined,
  status: broken,
  mirrors: broken,
  order: broken,
  flights: broken,
  modules: broken,
  versions: broken,
  purge: broken,
  history: broken,
  config: broken,
  doctor: broken,
  reload: broken,
  subscribe: () => () => undefined,
  incidents: () => () => undefined,
  clock: systemClock,
};
