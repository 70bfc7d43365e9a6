import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ModuleShown, PurgeAnswer } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { useStore } from '../live/store.ts';
import { useServerNow } from '../live/server-now.ts';
import { useModules } from '../live/use-modules.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Section } from '../parts/section.tsx';
import { useReader, type Reader } from '../show/reader.ts';
import { KeptVersions } from './kept-files.tsx';

const TYPING_MS = 250;
/** A build brings files for so long without a pause; then the list is read again. */
const BUILDING_MS = 1500;

/** So few modules are unfolded by a search for a version. */
const FEW = 5;

type Target = { readonly module: string; readonly version?: string };

/** What Rondo holds. */
export function CopySection(): VNode {
  const page = usePage();
  const reader = useReader();
  const { say, figures } = reader;
  const files = useStore(page.status)?.copy.files;
  const [typed, setTyped] = useState('');
  const search = useSettled(typed, TYPING_MS);
  const [purged, setPurged] = useState<{ round: number; last?: PurgeAnswer }>({ round: 0 });
  const [target, setTarget] = useState<Target>();
  // Not at each file that comes, which a build would make a storm.
  const found = useModules(search, purged.round, useSettled(files, BUILDING_MS));
  const { modules, problem } = found;
  const purge = async ({ module, version }: Target): Promise<void> => {
    const body = version === undefined ? { module } : { module, version };
    const last = await page.post<PurgeAnswer>('purge', body);
    setPurged(({ round }) => ({ round: round + 1, last }));
  };
  const what = target === undefined ? '' : [target.module, target.version].filter(Boolean).join('@');
  return (
    <Section id="copy" title="copy" about="copyAbout">
      <div class="filter">
        <input
          type="search"
          aria-label={say('search')}
          placeholder={say('search')}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <span role="status">{modules !== undefined && countOf(modules.length, reader)}</span>
      </div>
      {purged.last !== undefined && (
        <p role="status" class="done">
          {say('purged', { n: purged.last.removed, bytes: figures.bytes(purged.last.bytes) })}
        </p>
      )}
      {problem !== undefined && <ProblemBox problem={problem} again={found.again} />}
      {modules !== undefined && (
        <ModuleList modules={modules} search={search} round={purged.round} setTarget={setTarget} />
      )}
      {found.hasMore && (
        <button type="button" onClick={() => void found.showMore()}>
          {say('more')}
        </button>
      )}
      {target !== undefined && (
        <Confirm
          title={say('purgeTitle', { what })}
          text={say('purgeText')}
          action={say('purgeDo')}
          danger
          act={() => purge(target)}
          close={() => setTarget(undefined)}
        />
      )}
    </Section>
  );
}

function countOf(modules: number, { say, figures }: Reader): string {
  if (modules === 0) return '';
  return modules === 1 ? say('searchCountOne') : say('searchCount', { n: figures.count(modules) });
}

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T, quietMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), quietMs);
    return () => clearTimeout(timer);
  }, [value, quietMs]);
  return settled;
}

type ListProps = {
  readonly modules: readonly ModuleShown[];
  readonly search: string;
  readonly round: number;
  setTarget(target: Target): void;
};

function ModuleList({ modules, search, round, setTarget }: ListProps): VNode {
  const { say } = useReader();
  const [, version = ''] = search.split('@');
  if (modules.length === 0)
    return <p class="empty">{search === '' ? say('copyEmpty') : say('searchNone', { search })}</p>;
  return (
    <ul class="modules">
      {modules.map((row) => (
        <ModuleItem
          key={row.module}
          row={row}
          version={version}
          unfolds={version !== '' && modules.length <= FEW}
          round={round}
          setTarget={setTarget}
        />
      ))}
    </ul>
  );
}

type ItemProps = Omit<ListProps, 'modules' | 'search'> & {
  readonly row: ModuleShown;
  /** A part of the versions that are shown; empty: all. */
  readonly version: string;
  /** Somebody looks for a version: what was found is shown at once. */
  readonly unfolds: boolean;
};

function ModuleItem({ row, version, unfolds, round, setTarget }: ItemProps): VNode {
  const { say, figures } = useReader();
  const [isOpen, setOpen] = useState(unfolds);
  useEffect(() => {
    if (unfolds) setOpen(true);
  }, [unfolds]);
  const nowMs = useServerNow();
  const { module, versions, bytes, lastUsedMs } = row;
  return (
    <li>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="path">{module}</span>
          <span class="quiet">
            <span>
              {versions === 1 ? say('versionsOne') : say('versionsMany', { n: figures.count(versions) })}
            </span>
            <span>{figures.bytes(bytes)}</span>
            {lastUsedMs !== undefined && (
              <span>{say('lastUsed', { ago: figures.ago(Math.max(0, nowMs - lastUsedMs)) })}</span>
            )}
          </span>
        </summary>
        {isOpen && (
          <>
            <KeptVersions
              module={module}
              wanted={version}
              round={round}
              purge={(version) => setTarget({ module, version })}
            />
            <button type="button" onClick={() => setTarget({ module })}>
              {say('purgeModule')}
              <span class="unseen"> {module}</span>
            </button>
          </>
        )}
      </details>
    </li>
  );
}
