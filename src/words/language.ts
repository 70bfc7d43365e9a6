import type { Table } from './render.ts';

/** The languages that Rondo speaks, as `--lang` takes them. */
export const LANGUAGES = ['en', 'zh'] as const;

/** One of them. */
export type Language = (typeof LANGUAGES)[number];

/**
 * The language of the user: `asked` (`--lang`), else the first of LC_ALL, LC_MESSAGES and LANG that is
 * set, as POSIX has it; else English. Chinese of any kind is answered in Simplified Chinese.
 */
export function languageOf(
  env: Readonly<Record<string, string | undefined>>,
  asked: string | undefined,
): Language {
  const locale = asked ?? [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((each) => each);
  return locale !== undefined && /^zh([-_.@]|$)/i.test(locale) ? 'zh' : 'en';
}

/** Its table, which is loaded when it is needed; undefined for English, which is in the code. */
export async function tableOf(language: Language): Promise<Table | undefined> {
  if (language === 'en') return undefined;
  return (await import('./zh.ts')).ZH;
}
