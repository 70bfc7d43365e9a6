import type { VNode } from 'preact';
import type { StateChange } from '../live/announce.ts';
import { usePage } from '../live/page.ts';
import { useServerNow } from '../live/server-now.ts';
import { useStore } from '../live/store.ts';
import { useStateWord } from '../parts/state-mark.tsx';
import { useReader } from '../show/reader.ts';

/** More would be chatter. */
const MOST_TOLD = 3;

/** What happened: a restart, Rondo's own notices, a lost connection; and, for screen readers, states that changed. */
export function Messages(): VNode {
  const page = usePage();
  const { say, figures } = useReader();
  const nowMs = useServerNow();
  const restartedAtMs = useStore(page.restartedAtMs);
  const notices = useStore(page.notices);
  const connection = useStore(page.connection);
  const status = useStore(page.status);
  return (
    <div class="messages">
      <div role="status">
        {connection.kind === 'waiting' && status !== undefined && (
          <p class="message warn">{say('staleFigures')}</p>
        )}
        {restartedAtMs !== undefined && (
          <p class="message">
            {say('restarted', { ago: figures.ago(nowMs - restartedAtMs) })}
            <button type="button" class="small" onClick={() => page.restartedAtMs.set(undefined)}>
              {say('dismiss')}
            </button>
          </p>
        )}
        {notices.map((notice) => (
          <p class="message warn" key={`${notice.atMs} ${notice.message}`}>
            <span>
              <strong>{say('notice')}</strong> {notice.message}
            </span>
            <button
              type="button"
              class="small"
              onClick={() => page.notices.set(notices.filter((each) => each !== notice))}
            >
              {say('dismiss')}
            </button>
          </p>
        ))}
      </div>
      <Announcements changes={useStore(page.changes)} />
    </div>
  );
}

function Announcements({ changes }: { readonly changes: readonly StateChange[] }): VNode {
  const { say } = useReader();
  const word = useStateWord();
  const text =
    changes.length > MOST_TOLD
      ? say('changedMany', { n: changes.length })
      : changes.map(({ mirror, status }) => say('changedState', { mirror, state: word(status) })).join('. ');
  return (
    <p class="unseen" aria-live="polite" data-announcements>
      {text}
    </p>
  );
}
