import type { Language } from '../words/say.ts';

/** The locale of the figures and times of a language, whatever the browser says of its own. */
export function localeOf(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en-GB';
}

/** What Intl takes of a browser's language: `en-US` of `en-US@posix`, and `en-GB` of what is none. Pure. */
export function takenLocale(said: string): string {
  const [bare = ''] = said.split(/[@.]/);
  try {
    return Intl.getCanonicalLocales(bare.replaceAll('_', '-'))[0] ?? localeOf('en');
  } catch {
    return localeOf('en');
  }
}
