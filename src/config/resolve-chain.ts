import { RondoError } from '../errors/rondo-error.ts';
import { parseGoproxyList, wordsBehindEnd, type GoproxyList } from '../gomod/goproxy-list.ts';
import { atPlace } from './at-place.ts';
import { addressOf, formatAddress, isLoopback, reaches, type Address } from '../kit/address.ts';
import { builtInList, type GorootProxy } from './built-in-list.ts';
import { buildMirrors, type MirrorSection } from './build-mirrors.ts';
import type { Chain, Origin } from './config.ts';
import type { Credentials } from './credentials.ts';
import type { KeptChain } from './kept-chain.ts';
import type { RefusedProxy } from './layer.ts';
import { writtenUrl } from './mirror-url.ts';
import { printable } from './quote.ts';
import { render } from '../words/render.ts';
import { listed, say, type Text } from '../words/text.ts';
import { originText } from './origin-text.ts';

/** The part of one configuration file that may give the chain. */
export type FileChain = {
  readonly file: string;
  readonly trusted: boolean;
  readonly proxy: { readonly text: string; readonly line: number } | undefined;
  /** A `proxy` that an untrusted file may not give, and why. */
  readonly refused?: RefusedProxy | undefined;
};

/** Everything that the chain depends on. An empty text is the same as none, as for the go command. */
export type ChainInput = {
  /** GOPROXY_OVERRIDE of the environment. */
  readonly override: string | undefined;
  /** GOPROXY of the environment. */
  readonly environment: string | undefined;
  /** Nearest first. */
  readonly files: readonly FileChain[];
  /** The [mirror] sections of all files. */
  readonly sections: readonly MirrorSection[];
  /** What `go env -w GOPROXY=…` wrote. */
  readonly goUser: string | undefined;
  /** GOPROXY of `$GOROOT/go.env`. */
  readonly goroot: GorootProxy;
  /** Newest first. */
  readonly kept: readonly KeptChain[];
  /** Where this Rondo listens, or would as `serve`. */
  readonly listen: Address;
  /** `host:port` of loopback addresses that refuse connections right now. */
  readonly refused: ReadonlySet<string>;
  /** For mirrors without a probe path of their own. */
  readonly probePath: string;
  /** What the user's netrc has for a URL (credentials.ts). */
  readonly netrc: (url: URL) => Credentials | undefined;
};

/** The chain, and what people should know of how it came about. */
export type ResolvedChain = { readonly chain: Chain; readonly warnings: readonly (Text | string)[] };

type Candidate = {
  readonly text: string;
  readonly origin: string;
  readonly trusted: boolean;
  /** Index of the file that gives the chain: its [mirror] sections with a URL belong to it. */
  readonly layer?: number;
  /** go's own setting: a loopback address in it that refuses is most likely a Rondo that is not running. */
  readonly isGoSetting?: true;
};

/**
 * The chain by the rules of spec config.md: the first level that is set wins whole. Pure.
 * @throws RondoError E_BAD_MIRROR_URL or E_CONFIG for a list or section that is none; E_NO_CHAIN where the
 * setting names only Rondo and no chain was kept (never the built-in list: that would show private paths
 * to public mirrors).
 */
export function resolveChain(input: ChainInput): ResolvedChain {
  const candidate = firstSet(input);
  const list = readList(candidate);
  const warnings: Text[] = [];
  const entries = list.entries.filter(({ url }) => !isRondo(url, input));
  for (const { url } of list.entries) {
    if (isRondo(url, input))
      warnings.push(
        say('{origin}: {url} is Rondo itself and skipped', {
          origin: originText(candidate.origin),
          url: printable(url),
        }),
      );
  }
  const behind = wordsBehindEnd(candidate.text);
  if (behind.length > 0) {
    const words = printable(behind.map((word) => word.replace(/^.*@/s, '')).join(', '));
    warnings.push(
      say('{origin}: {words} stands behind {end}, where go stops reading: never asked', {
        origin: originText(candidate.origin),
        words,
        end: list.end ?? '',
      }),
    );
  }
  const built = buildMirrors({ ...input, ...candidate, entries, layer: candidate.layer });
  const skippedSome = entries.length < list.entries.length;
  const refuses = ({ url }: { url: URL }): boolean =>
    candidate.isGoSetting === true &&
    isLoopback(addressOf(url).host) &&
    input.refused.has(formatAddress(addressOf(url)));
  const namesOnlyRondo = built.mirrors.length === 0 ? skippedSome : built.mirrors.every(refuses);
  if (namesOnlyRondo) return keptChain(list, candidate, input);
  const { origin, trusted } = candidate;
  const chain: Chain = { mirrors: built.mirrors, ...endOf(list, candidate, input), origin, trusted };
  return { chain, warnings: [...announcement(chain, list), ...warnings, ...built.warnings] };
}

/**
 * The end of a chain, `direct` being the user's to give: a stranger's file may take it away, but not send go past
 * Rondo where the level that it displaces would not, nor on other errors than that says.
 */
function endOf(
  list: GoproxyList,
  candidate: Candidate,
  input: ChainInput,
): Pick<Chain, 'end' | 'endSeparator'> {
  const end = ({ end: word, endSeparator = ',' }: GoproxyList): Pick<Chain, 'end' | 'endSeparator'> => ({
    end: word,
    endSeparator,
  });
  if (candidate.trusted || list.end !== 'direct') return end(list);
  const displaced = nextSet(input, (candidate.layer ?? 0) + 1);
  try {
    return end(readList(displaced));
  } catch {
    return { end: undefined, endSeparator: ',' };
  }
}

/** So long that with the words before it no line of a terminal is cut. */
const MAX_ANNOUNCED = 300;

/**
 * What of an untrusted file's list is used, to the last mirror, in the words of Rondo and not of the file.
 * @throws RondoError E_CONFIG where that is too long to be seen.
 */
function announcement({ mirrors, end, origin, trusted }: Chain, list: GoproxyList): Text[] {
  if (trusted) return [];
  const last = end === undefined ? [] : [say('then {end}', { end })];
  const shown = listed([...mirrors.map(({ url }) => writtenUrl(url)), ...last]);
  const from = originText(printable(origin));
  if (render(shown).length > MAX_ANNOUNCED) {
    throw new RondoError(
      'E_CONFIG',
      say(
        '{origin}: proxy cannot be used: the file is not trusted, and the list is too long to be shown whole',
        { origin: originText(origin) },
      ),
      REFUSED_HINT,
    );
  }
  const values = { mirrors: shown, origin: from };
  if (list.end === end || list.end === undefined)
    return [say('the mirrors of a file that is not trusted are used: {mirrors} ({origin})', values)];
  return [
    say(
      "the mirrors of a file that is not trusted are used: {mirrors}; not its {end}, which is not the user's ({origin})",
      { ...values, end: list.end },
    ),
  ];
}

function firstSet(input: ChainInput): Candidate {
  const trusted = true;
  if (input.override) return { text: input.override, origin: 'environment GOPROXY_OVERRIDE', trusted };
  if (input.environment) return { text: input.environment, origin: 'environment GOPROXY', trusted };
  return nextSet(input, 0);
}

/** The first level that is set, of the files from `from` on and what comes after them. */
function nextSet(input: ChainInput, from: number): Candidate {
  const trusted = true;
  for (const [layer, { file, proxy, refused, trusted: fileTrusted }] of input.files.entries()) {
    if (layer < from) continue;
    const hasMirrors = input.sections.some((section) => section.urlLayer === layer);
    // Not the next level: that would show this project's modules to mirrors that nobody chose for them.
    if (refused !== undefined) throw refusedProxy(file, refused);
    if (proxy === undefined && !hasMirrors) continue;
    const origin: Origin = proxy === undefined ? `file ${file}` : `file ${file}:${proxy.line}`;
    return { text: proxy?.text ?? '', origin, trusted: fileTrusted, layer };
  }
  if (input.goUser) return { text: input.goUser, origin: 'go env -w GOPROXY', trusted, isGoSetting: true };
  const { text, origin } = builtInList(input.goroot);
  return { text, origin, trusted, isGoSetting: true };
}

function readList({ text, origin, layer }: Candidate): GoproxyList {
  // A file may give its chain by [mirror] sections alone.
  if (text === '' && layer !== undefined) return { entries: [], end: undefined, endSeparator: undefined };
  return atPlace(originText(origin), () => parseGoproxyList(text));
}

/** The address that this Rondo has or would have, and those that earlier ones printed for pasting. */
function isRondo(text: string, { listen, kept }: ChainInput): boolean {
  const url = URL.parse(text);
  if (url === null || url.protocol === 'file:') return false;
  const address = addressOf(url);
  return reaches(address, listen) || kept.some((chain) => reaches(address, chain.address));
}

function keptChain(list: GoproxyList, { origin }: Candidate, input: ChainInput): ResolvedChain {
  const named = list.entries.map(({ url }) => URL.parse(url)).filter((url) => url !== null);
  // Only for the address that it was kept for is it known to be what stood there.
  const same = input.kept.find(({ address }) => named.some((url) => reaches(addressOf(url), address)));
  const kept = same ?? input.kept[0];
  if (kept === undefined) {
    const names = printable(list.entries.map(({ url }) => url).join(', '));
    throw new RondoError(
      'E_NO_CHAIN',
      say('{origin} names only Rondo ({names}), and no earlier chain was kept', {
        origin: originText(origin),
        names,
      }),
      {
        hint: say('rondo init'),
      },
    );
  }
  const { mirrors, warnings } = buildMirrors({
    ...input,
    entries: [],
    origin,
    known: kept.chain.mirrors,
    layer: undefined,
    trusted: kept.chain.trusted,
  });
  const chain = { ...kept.chain, mirrors, origin: `${kept.chain.origin} (${origin} names only Rondo)` };
  if (same !== undefined) return { chain, warnings };
  const names = printable(list.entries.map(({ url }) => url).join(', '), 100);
  const warning = say('no chain was kept for {names} of {origin}; used is {kept}: {mirrors}', {
    names,
    origin: originText(origin),
    kept: originText(kept.chain.origin),
    mirrors: printable(mirrors.map(({ name }) => name).join(', ')),
  });
  return { chain: { ...chain, standIn: true }, warnings: [warning, ...warnings] };
}

function refusedProxy(file: string, { line, problem }: RefusedProxy): RondoError {
  return new RondoError(
    'E_CONFIG',
    say('{file}:{line}: proxy cannot be used: the file is not trusted, and {problem}', {
      file,
      line,
      problem,
    }),
    REFUSED_HINT,
  );
}

const REFUSED_HINT = {
  hint: say('if you trust it: rondo config trust; if not, name the mirrors in GOPROXY'),
};
