import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { PageContext, type Page } from '../live/page.ts';
import { useStore } from '../live/store.ts';
import { showLanguage } from '../show/preferences.ts';
import { ReaderContext, readerOf, useReader } from '../show/reader.ts';
import type { Language } from '../words/say.ts';
import { ConfigSection } from './config.tsx';
import { CopySection } from './copy.tsx';
import { DoctorSection } from './doctor.tsx';
import { FlightsSection } from './flights.tsx';
import { LevelsSection } from './levels.tsx';
import { Masthead } from './masthead.tsx';
import { Messages } from './messages.tsx';
import { MirrorsSection } from './mirrors.tsx';
import { Overview } from './overview.tsx';
import { Refused } from './token-form.tsx';

const NAVIGATION = [
  { id: 'mirrors', word: 'navMirrors' },
  { id: 'flights', word: 'navFlights' },
  { id: 'levels', word: 'navLevels' },
  { id: 'copy', word: 'navCopy' },
  { id: 'doctor', word: 'navDoctor' },
  { id: 'config', word: 'navConfig' },
] as const;

/** The whole page. */
export function App({ page }: { readonly page: Page }): VNode {
  const language = useStore(page.language);
  const reader = useMemo(() => readerOf(language), [language]);
  const setLanguage = (next: Language): void => {
    showLanguage(next, true);
    page.language.set(next);
    // The server's own sentences come in the language of the line.
    page.retry();
  };
  return (
    <PageContext.Provider value={page}>
      <ReaderContext.Provider value={reader}>
        <Layout page={page} setLanguage={setLanguage} />
      </ReaderContext.Provider>
    </PageContext.Provider>
  );
}

function Layout({
  page,
  setLanguage,
}: {
  readonly page: Page;
  setLanguage(language: Language): void;
}): VNode {
  const { say } = useReader();
  const connection = useStore(page.connection);
  const isRefused = connection.kind === 'refused';
  return (
    <>
      <a class="skip" href="#content">
        {say('skip')}
      </a>
      <Masthead setLanguage={setLanguage} />
      {!isRefused && <Navigation />}
      <main id="content" tabIndex={-1}>
        {isRefused ? (
          <Refused problem={connection.problem} />
        ) : (
          <>
            <Messages />
            <Overview />
            <MirrorsSection />
            <FlightsSection />
            <LevelsSection />
            <CopySection />
            <DoctorSection />
            <ConfigSection />
          </>
        )}
      </main>
    </>
  );
}

function Navigation(): VNode {
  const { say } = useReader();
  const seen = useSeenSection();
  return (
    <nav aria-label={say('sections')}>
      <ul>
        {NAVIGATION.map(({ id, word }) => (
          <li key={id}>
            <a href={`#${id}`} {...(seen === id ? { 'aria-current': 'true' } : {})}>
              {say(word)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The section that lies in the upper part of the window. */
function useSeenSection(): string | undefined {
  const [seen, setSeen] = useState<string>();
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.findLast(({ isIntersecting }) => isIntersecting);
        if (entry !== undefined) setSeen(entry.target.id);
      },
      { rootMargin: '-15% 0px -75% 0px' },
    );
    for (const { id } of NAVIGATION) {
      const element = document.getElementById(id);
      if (element !== null) observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  return seen;
}
