import type { VersionFile } from '../gomod/module-file.ts';
import { runAtOnce } from '../kit/at-once.ts';
import type { Proxy } from './proxy.ts';
import type { ClientRequest } from './request.ts';

/** How many small files, and how many zips, are fetched ahead at the same time. */
export type AheadBounds = { readonly small: number; readonly zips: number };

/** As nobody in particular: what is held is not read, and what is fetched is kept. */
const AHEAD: ClientRequest = { headOnly: false, fetchAllowed: true, via: undefined };

/**
 * Fetches files into the copy before a client asks for them: whoever does shares the fetch that is under way. Zips and
 * small files beside each other, each in the order that is given. What fails is asked again when a client wants it, which
 * then hears why. `onFetched` hears of each that has come whole. Resolves when all is done, or soon after `signal` aborts; never rejects.
 */
export async function fetchAhead(
  files: readonly VersionFile[],
  { answer }: Pick<Proxy, 'answer'>,
  { small, zips }: AheadBounds,
  signal: AbortSignal,
  onFetched: () => void = () => undefined,
): Promise<void> {
  const fetch = async (file: VersionFile): Promise<void> => {
    try {
      const reply = await answer(file, AHEAD);
      if (reply.kind !== 'stream') return;
      for await (const chunk of reply.body) if (signal.aborted || chunk === undefined) return;
      onFetched();
    } catch {
      // Whoever asks for it hears why.
    }
  };
  const pools = [
    runAtOnce(
      files.filter(({ kind }) => kind !== 'zip'),
      small,
      fetch,
      signal,
    ),
    runAtOnce(
      files.filter(({ kind }) => kind === 'zip'),
      zips,
      fetch,
      signal,
    ),
  ];
  await Promise.allSettled(pools);
}
