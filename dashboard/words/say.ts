import { CHINESE } from './chinese.ts';
import { ENGLISH, type WordKey } from './english.ts';

/** A language of the page. */
export type Language = 'en' | 'zh';

const TABLES: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { en: ENGLISH, zh: CHINESE };

type SlotsOf<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | SlotsOf<Rest>
  : never;

/** The slots of a sentence, none for most. */
export type Slots<K extends WordKey> = [SlotsOf<(typeof ENGLISH)[K]>] extends [never]
  ? []
  : [slots: Readonly<Record<SlotsOf<(typeof ENGLISH)[K]>, string | number>>];

/** A sentence without slots. */
export type PlainKey = {
  [K in WordKey]: [SlotsOf<(typeof ENGLISH)[K]>] extends [never] ? K : never;
}[WordKey];

/** Says a sentence of the page in its language. */
export type Say = <K extends WordKey>(key: K, ...slots: Slots<K>) => string;

/** The sentences of one language. What is put into a slot is never looked at again. */
export function sayIn(language: Language): Say {
  const table = TABLES[language];
  return (key, ...[slots]) => {
    const values = (slots ?? {}) as Readonly<Record<string, string | number>>;
    return table[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** The language of a reader whose browser prefers these, e.g. `zh-CN`. */
export function languageOf(preferred: readonly string[]): Language {
  const first = preferred.find((each) => /^(?:zh|en)\b/i.test(each));
  return first?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}
