import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { MirrorShown, StatusAnswer } from '../../src/api/answers.ts';
import { usePage } from '../live/page.ts';
import { useServerNow } from '../live/server-now.ts';
import { useStore } from '../live/store.ts';
import { CopyLine } from '../parts/copy-line.tsx';
import { goproxyCommand } from '../show/goproxy-command.ts';
import { useReader } from '../show/reader.ts';
import type { Say } from '../words/say.ts';

/** The page in one sentence, and its figures. */
export function Overview(): VNode {
  const page = usePage();
  const { say, figures } = useReader();
  const status = useStore(page.status);
  const mirrors = useStore(page.mirrors);
  const nowMs = useServerNow();
  const { tone, title, below } = headline(mirrors?.mirrors, say);
  // A tab in the background tells as much as the page.
  useEffect(() => {
    document.title = mirrors === undefined ? 'Rondo' : `${title} · Rondo`;
  }, [mirrors === undefined, title]);
  const isUnused = status?.totals.requests === 0;
  return (
    <div class="overview">
      <div class={`headline ${tone}`}>
        <h1>{title}</h1>
        <p>
          {status?.offline === true ? say('offline') : below}{' '}
          {status !== undefined && (
            <span class="quiet">
              {say('since', { time: figures.duration(Math.max(0, nowMs - status.startedAtMs)) })}
            </span>
          )}
        </p>
      </div>
      {status !== undefined && isUnused && <FirstStart status={status} />}
      {status !== undefined && !(isUnused && status.copy.files === 0) && <Numbers status={status} />}
    </div>
  );
}

/** What the mirrors come to. Pure. */
function headline(
  mirrors: readonly MirrorShown[] | undefined,
  say: Say,
): { tone: string; title: string; below: string } {
  if (mirrors === undefined) return { tone: 'idle', title: say('headWaiting'), below: '' };
  // One that is left out for good is none that anybody waits for.
  const all = mirrors.filter(({ up }) => up !== undefined).length;
  const well = mirrors.filter(({ up }) => up === true).length;
  if (mirrors.length === 0) return { tone: 'idle', title: say('headNoMirrors'), below: '' };
  if (well === 1 && all === 1) return { tone: 'good', title: say('headOneWell'), below: say('headOneBelow') };
  if (well === all && all > 0)
    return { tone: 'good', title: say('headAllWell', { all }), below: say('headWellBelow') };
  if (!mirrors.some(({ eligible }) => eligible))
    return { tone: 'bad', title: say('headNone'), below: say('headNoneBelow') };
  return { tone: 'warn', title: say('headSome', { well, all }), below: say('headSomeBelow') };
}

/** Where nothing was asked for yet; after a restart the copy may be full. */
function FirstStart({ status }: { readonly status: StatusAnswer }): VNode {
  const { say } = useReader();
  const { chainEnd, copy } = status;
  return (
    <section class="first-start" aria-labelledby="first-start-title">
      <h2 id="first-start-title">{say(copy.files === 0 ? 'startTitle' : 'againTitle')}</h2>
      <p>{say('startText')}</p>
      <CopyLine text={goproxyCommand(document.baseURI, chainEnd)} />
      <p class="quiet">
        {say('startUndo')} <code>go env -u GOPROXY</code>
      </p>
    </section>
  );
}

function Numbers({ status }: { readonly status: StatusAnswer }): VNode {
  const { say, figures } = useReader();
  const { totals, copy } = status;
  const { requests, hits, bytesOut, bytesUpstream, failed, stale } = totals;
  const files = figures.count(copy.files);
  const copyNote = !copy.keeping
    ? say('statCopyOff')
    : copy.maxBytes === undefined || !Number.isFinite(copy.maxBytes)
      ? say('statCopyNote', { files })
      : say('statCopyOf', { files, most: figures.bytes(copy.maxBytes) });
  const tiles = [
    {
      name: say('statHitRate'),
      value: requests === 0 ? '–' : figures.share(hits / requests),
      note: say('statHitNote', { hits: figures.count(hits), all: figures.count(requests) }),
    },
    {
      name: say('statSaved'),
      value: figures.bytes(Math.max(0, bytesOut - bytesUpstream)),
      note: say('statSavedNote', { sent: figures.bytes(bytesOut) }),
    },
    { name: say('statRequests'), value: figures.count(requests), note: say('statRequestsNote') },
    {
      name: say('statFailed'),
      value: figures.count(failed),
      note: say('statFailedNote', { stale: figures.count(stale) }),
    },
    { name: say('statCopy'), value: figures.bytes(copy.bytes), note: copyNote },
  ];
  return (
    <dl class="numbers">
      {tiles.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong>
            <span>{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
