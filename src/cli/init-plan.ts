import { chainEnd } from '../config/effective-values.ts';
import type { Chain } from '../config/config.ts';
import { defaultMirrorName, parseMirrorUrl } from '../config/mirror-url.ts';
import type { Measurement } from '../mirrors/measure.ts';
import type { MeasuredMirror } from '../probe-mirrors.ts';

/** A mirror that `init` asks. */
export type Candidate = {
  readonly mirror: MeasuredMirror;
  /** It is of the chain in force, not only one of the public mirrors that Rondo knows. */
  readonly ofChain: boolean;
};

/** A candidate, and what was found of it. */
export type Ranked = Candidate & { readonly measurement: Measurement };

/** The mirrors of the chain in force, then those of `known` (URLs) that are not among them. */
export function candidatesOf(chain: Chain, known: readonly string[], probePath: string): Candidate[] {
  const candidates: Candidate[] = chain.mirrors.map((mirror) => ({ mirror, ofChain: true }));
  for (const text of known) {
    const { url } = parseMirrorUrl(text);
    if (candidates.some(({ mirror }) => mirror.url.href === url.href)) continue;
    candidates.push({ mirror: { name: defaultMirrorName(url), url, probePath }, ofChain: false });
  }
  return candidates;
}

const GRADES = ['works', 'reached', 'failed'] as const;

/** The best first: those that work, then those that answer at all; of each the steady ones, then the quick. */
export function rank(measured: readonly Ranked[]): Ranked[] {
  const grade = ({ measurement }: Ranked): number => GRADES.indexOf(measurement.grade);
  const failures = ({ measurement }: Ranked): number => measurement.failures;
  const firstByteMs = ({ measurement }: Ranked): number => measurement.warmMs ?? measurement.coldMs ?? 60_000;
  return measured.toSorted(
    (a, b) => grade(a) - grade(b) || failures(a) - failures(b) || firstByteMs(a) - firstByteMs(b),
  );
}

/** What is to be written. */
export type Plan = {
  /** In the order of `proxy =`. */
  readonly written: readonly Ranked[];
  /** Stand in the file as comments. */
  readonly others: readonly Ranked[];
};

/**
 * Which mirrors go into `proxy =`. Of a chain that somebody chose all of them, also those that just now do not
 * answer (Rondo passes over them until they do), and public ones only if `addPublic` says so: they would see
 * paths that nobody chose to show them. Where nobody chose, every mirror that works.
 */
export function planOf(ranked: readonly Ranked[], chosen: boolean, addPublic: boolean): Plan {
  const isWritten = ({ ofChain, measurement }: Ranked): boolean =>
    chosen && ofChain ? true : (addPublic || !chosen) && measurement.grade === 'works';
  return { written: ranked.filter(isWritten), others: ranked.filter((each) => !isWritten(each)) };
}

/** The value of `proxy =`: the mirrors, then the end of the chain in force; where nobody chose that, `direct`. */
export function proxyOf({ written }: Plan, chain: Chain, chosen: boolean): string {
  const urls = written.map(({ mirror }) => mirror.url.href.replace(/\/$/, ''));
  const end = chain.end ?? (chosen ? undefined : 'direct');
  return `${urls.join(',')}${chainEnd({ ...chain, end })}`;
}
