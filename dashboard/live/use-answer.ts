import { useCallback, useEffect, useState } from 'preact/hooks';
import { problemIn } from '../api/call-api.ts';
import type { Problem } from '../api/problem.ts';
import { usePage } from './page.ts';
import { useStore } from './store.ts';

/** What a part of the page has asked for. */
export type Answer<T> = {
  /** The last one, also while another is on its way. */
  readonly value?: T | undefined;
  readonly problem?: Problem | undefined;
  readonly loading: boolean;
  again(): void;
};

/**
 * The answer at `path`, asked for anew when the path, `round` or the connection changes, and each `everyMs` while the page is
 * seen; undefined as a path asks for nothing.
 */
export function useAnswer<T>(path: string | undefined, round: unknown = 0, everyMs = 0): Answer<T> {
  const page = usePage();
  const isLive = useStore(page.connection).kind === 'live';
  // Some answers have sentences of the server's own.
  const language = useStore(page.language);
  const [own, setOwn] = useState(0);
  const [state, setState] = useState<Omit<Answer<T>, 'again'>>({ loading: path !== undefined });
  const again = useCallback(() => setOwn((count) => count + 1), []);
  useEffect(() => {
    if (path === undefined || !isLive) return undefined;
    const controller = new AbortController();
    setState(({ value }) => ({ value, loading: true }));
    const done = (next: Omit<Answer<T>, 'again' | 'loading'>): void => {
      if (!controller.signal.aborted) setState((before) => ({ ...before, ...next, loading: false }));
    };
    page.get<T>(path, controller.signal).then(
      (value) => done({ value, problem: undefined }),
      (error: unknown) => done({ problem: problemIn(error) }),
    );
    return () => controller.abort();
  }, [page, path, round, own, isLive, language]);
  useEffect(() => {
    if (everyMs === 0) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, again]);
  return { ...state, again };
}
