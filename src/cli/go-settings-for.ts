import type { Chain, GoSettings } from '../config/config.ts';
import { chainEnd } from '../config/effective-values.ts';
import { keyOnlyForm } from '../gomod/gosumdb.ts';
import { matchGlob } from '../gomod/path-patterns.ts';

/** Variables of the go command by name. */
export type GoVariables = Readonly<Record<string, string>>;

/**
 * What a go command needs to be told so that it uses a Rondo at `url` and everything else works as before:
 * - GOPROXY: Rondo, then the chain's own `direct` or `off` behind its own separator (never offline).
 * - GOSUMDB, where it has a form with which go would ask the database past every proxy: the key-only form.
 * - GONOPROXY, where a mirror's `match` may name some of those paths: go fetches them itself and would never
 *   ask Rondo, so those patterns are taken off (`none` if none is left: an empty one would mean GOPRIVATE).
 *   Of what such a pattern covers beyond the mirror's `match`, Rondo answers 404, and go goes on to the
 *   chain's end. Without such a mirror it stays as it is: private paths never reach Rondo.
 * Pure. GOPRIVATE and GONOSUMDB hold as they are.
 * @throws RondoError E_CONFIG for a GOSUMDB that go would not take either.
 */
export function goSettingsFor(url: string, chain: Chain, go: GoSettings, offline: boolean): GoVariables {
  const end = offline ? '' : chainEnd(chain);
  const variables: Record<string, string> = { GOPROXY: `${url}${end}` };
  const gosumdb = keyOnlyForm(go.gosumdb);
  if (gosumdb !== go.gosumdb) variables['GOSUMDB'] = gosumdb;
  const routed = chain.mirrors.flatMap(({ match }) => patternsOf(match)).filter((pattern) => pattern !== '*');
  const before = patternsOf(go.gonoproxy);
  const after = before.filter((pattern) => !routed.some((other) => mayOverlap(pattern, other)));
  if (after.length < before.length) variables['GONOPROXY'] = after.join(',') || 'none';
  return variables;
}

function patternsOf(text: string): string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim().replace(/\/$/, ''))
    .filter((pattern) => pattern !== '');
}

/** Whether some module path may match both patterns; true where that is hard to tell. A pattern matches a path's first elements. */
function mayOverlap(one: string, other: string): boolean {
  const elements = other.split('/');
  return one.split('/').every((element, index) => {
    const against = elements[index];
    if (against === undefined || (isGlob(element) && isGlob(against))) return true;
    return isGlob(element) ? matchGlob(element, against) : matchGlob(against, element);
  });
}

function isGlob(element: string): boolean {
  return /[*?[\\]/.test(element);
}
