import type { Sentence, Value } from './sentences.ts';
import type { Between, Text } from './text.ts';

/** What a language makes of the sentences; English is the sentences themselves. */
export type Table = {
  readonly sentences: Readonly<Record<Sentence, string>>;
  readonly between: Readonly<Record<Between, string>>;
};

/** The text in English, or in the language of `table`. Names come out as they went in: whoever shows them makes them safe. */
export function render(text: Text | string, table?: Table): string {
  if (typeof text === 'string') return text;
  if ('list' in text) {
    const between = table?.between[text.between] ?? text.between;
    return joined(
      text.list.map((each) => render(each, table)),
      between,
    );
  }
  const sentence = table?.sentences[text.sentence] ?? text.sentence;
  return sentence.replace(/\{(\w+)\}/g, (slot, name: string) => {
    const value = Object.hasOwn(text.values, name) ? text.values[name] : undefined;
    return value === undefined ? slot : valueOf(value, table);
  });
}

/** A Chinese word between names in Latin letters, numbers or commands has a space on the side where they stand. */
function joined(parts: readonly string[], between: string): string {
  if (!/^\p{Script=Han}+$/u.test(between)) return parts.join(between);
  const [first = '', ...more] = parts;
  return more.reduce((before, after) => {
    const left = /[!-~]$/.test(before) ? ' ' : '';
    const right = /^[!-~]/.test(after) ? ' ' : '';
    return `${before}${left}${between}${right}${after}`;
  }, first);
}

function valueOf(value: Value, table: Table | undefined): string {
  return typeof value === 'number' ? String(value) : render(value, table);
}
