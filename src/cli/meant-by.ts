import { nearest } from '../config/nearest.ts';

/**
 * The one of `names` that was probably meant by `word`: the only one that begins with it, or with which it begins
 * (`zh_CN`), else the only one of which it is an abbreviation (`pwsh` for `powershell`, and the other way round), else the
 * nearest one.
 */
export function meantBy(word: string, names: readonly string[]): string | undefined {
  const begun = word.length < 2 ? [] : names.filter((name) => name.startsWith(word) || word.startsWith(name));
  if (begun.length === 1) return begun[0];
  const short = names.filter((name) => abbreviates(word, name) || abbreviates(name, word));
  return short.length === 1 ? short[0] : nearest(word, names);
}

/** Whether all letters of `short`, the first one first, stand in `long` in this order. */
function abbreviates(short: string, long: string): boolean {
  if (short.length < 4 || short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}
