import { languageOf, type Language } from '../words/say.ts';

/** Light or dark by the reader's wish, or as the system has it. */
export type Theme = 'auto' | 'light' | 'dark';

const LANGUAGE_KEY = 'rondo-language';
const THEME_KEY = 'rondo-theme';

/** A page without storage (private windows, some policies) forgets, and works. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/** The language chosen before, else the browser's. */
export function firstLanguage(): Language {
  const chosen = kept(LANGUAGE_KEY);
  return chosen === 'en' || chosen === 'zh' ? chosen : languageOf(navigator.languages);
}

/** Keeps the language and has the document say it, for screen readers and fonts. */
export function showLanguage(language: Language, chosen: boolean): void {
  if (chosen) keep(LANGUAGE_KEY, language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/** The colours chosen before. */
export function firstTheme(): Theme {
  const chosen = kept(THEME_KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

/** Keeps the colours and shows them. */
export function showTheme(theme: Theme): void {
  keep(THEME_KEY, theme);
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
