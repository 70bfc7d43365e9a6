import { useRef, useState } from 'preact/hooks';
import type { ModuleShown, ModulesAnswer } from '../../src/api/answers.ts';
import { problemIn } from '../api/call-api.ts';
import type { Problem } from '../api/problem.ts';
import { usePage } from './page.ts';
import { useAnswer } from './use-answer.ts';

/** The modules that a search has found so far. */
export type FoundModules = {
  /** Undefined before the first answer. */
  readonly modules?: readonly ModuleShown[] | undefined;
  readonly problem?: Problem | undefined;
  readonly hasMore: boolean;
  again(): void;
  showMore(): Promise<void>;
};

const PAGE = 50;

function pathOf(search: string, after = ''): string {
  return `modules?${new URLSearchParams({ search, limit: String(PAGE), after })}`;
}

/**
 * The modules whose path has `search` in it, page by page. Whatever came after the first page is dropped when the search or
 * `round` changes; when `freshness` does, the first page alone is asked for anew.
 */
export function useModules(search: string, round: number, freshness: unknown): FoundModules {
  const page = usePage();
  const key = `${round} ${search}`;
  const first = useAnswer<ModulesAnswer>(pathOf(search), `${key} ${String(freshness)}`);
  const [later, setLater] = useState<{ key: string; pages: readonly ModulesAnswer[]; problem?: Problem }>({
    key,
    pages: [],
  });
  const busy = useRef(false);
  const own = later.key === key ? later : { key, pages: [] };
  const { next } = own.pages.at(-1) ?? first.value ?? {};
  const showMore = async (): Promise<void> => {
    if (next === undefined || busy.current) return;
    busy.current = true;
    try {
      const more = await page.get<ModulesAnswer>(pathOf(search, next));
      setLater({ key, pages: [...own.pages, more] });
    } catch (error) {
      setLater({ ...own, problem: problemIn(error) });
    } finally {
      busy.current = false;
    }
  };
  const all = first.value && [first.value, ...own.pages].flatMap(({ modules }) => modules);
  return {
    // A page that was asked for anew may have a module of the one after it.
    modules: all && [...new Map(all.map((each) => [each.module, each])).values()],
    problem: first.problem ?? ('problem' in own ? own.problem : undefined),
    hasMore: next !== undefined,
    again: first.again,
    showMore,
  };
}
