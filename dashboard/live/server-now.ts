import { useNow } from '../show/now.ts';
import { usePage } from './page.ts';
import { useStore } from './store.ts';

/** The time by Rondo's clock, each second: the browser's own may be wrong, and on another machine. */
export function useServerNow(): number {
  const { aheadMs } = usePage();
  return useNow() + useStore(aheadMs);
}
