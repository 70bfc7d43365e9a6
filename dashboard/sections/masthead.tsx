import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { LOST_AFTER } from '../live/backoff.ts';
import { usePage } from '../live/page.ts';
import { useStore } from '../live/store.ts';
import { Choice } from '../parts/choice.tsx';
import { useNow } from '../show/now.ts';
import { firstTheme, showTheme, type Theme } from '../show/preferences.ts';
import { useReader } from '../show/reader.ts';
import type { Language } from '../words/say.ts';

/** The name, whether the page is live, and how it is read. */
export function Masthead({ setLanguage }: { setLanguage(language: Language): void }): VNode {
  const page = usePage();
  const { say, language } = useReader();
  const status = useStore(page.status);
  const [theme, setTheme] = useState<Theme>(firstTheme);
  const chooseTheme = (next: Theme): void => {
    setTheme(next);
    showTheme(next);
  };
  return (
    <header class="masthead">
      <a class="brand" href="#top">
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="28" height="28" />
        <span>
          Rondo <small>{status?.rondo ?? say('tagline')}</small>
        </span>
      </a>
      <ConnectionPill />
      <div class="preferences">
        <Choice
          name="language"
          label={say('language')}
          value={language}
          options={[
            { value: 'en', text: 'EN', language: 'en' },
            { value: 'zh', text: '中文', language: 'zh-CN' },
          ]}
          onChoose={setLanguage}
        />
        <label class="theme">
          <span class="unseen">{say('theme')}</span>
          <select value={theme} onChange={({ currentTarget }) => chooseTheme(currentTarget.value as Theme)}>
            <option value="auto">{say('themeAuto')}</option>
            <option value="light">{say('themeLight')}</option>
            <option value="dark">{say('themeDark')}</option>
          </select>
        </label>
      </div>
    </header>
  );
}

/** Whether what is shown is true now. The countdown is not announced, its beginning is. */
function ConnectionPill(): VNode {
  const page = usePage();
  const { say, figures } = useReader();
  const connection = useStore(page.connection);
  const nowMs = useNow();
  switch (connection.kind) {
    case 'connecting':
      return <p class="pill idle">{say('connecting')}</p>;
    case 'live':
      return <p class="pill good">{say('live')}</p>;
    case 'refused':
      return <p class="pill bad">{say('refused')}</p>;
    case 'waiting': {
      const leftMs = connection.retryAtMs - nowMs;
      const wait = figures.duration(Math.max(1000, leftMs));
      const isLost = connection.attempt >= LOST_AFTER;
      return (
        <p class={`pill ${isLost ? 'bad' : 'warn'}`}>
          <span>
            {isLost
              ? say('lost', { wait })
              : leftMs < 500
                ? say('reconnectingNow')
                : say('reconnecting', { wait })}
          </span>
          <button type="button" class="small" onClick={() => page.retry()}>
            {say('tryNow')}
          </button>
        </p>
      );
    }
  }
}
