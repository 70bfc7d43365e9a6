import { RondoError } from '../errors/rondo-error.ts';
import { atPlace } from './at-place.ts';
import { originText } from './origin-text.ts';
import { addressOf, isLoopback } from '../kit/address.ts';
import type { ConfiguredMirror } from './config.ts';
import type { Credentials } from './credentials.ts';
import { defaultOf } from './key.ts';
import { MIRROR, type MirrorValues } from './keys.ts';
import { defaultMirrorName, parseMirrorUrl } from './mirror-url.ts';
import { nearest } from './nearest.ts';
import { quote } from './quote.ts';
import { say, type Text } from '../words/text.ts';

/** A [mirror "name"] section, as all files together have it. */
export type MirrorSection = {
  readonly name: string;
  /** `file:line` for messages. */
  readonly where: string;
  /** Index of the nearest file that has the section. */
  readonly layer: number;
  /** Index of the file that gives its URL. */
  readonly urlLayer: number | undefined;
  readonly values: MirrorValues;
  /** Those that its keys name; what is wrong with them counts where the chain has the mirror. */
  readonly credentials?: Credentials | RondoError | undefined;
};

/** What the mirrors of a chain are made of. */
export type MirrorParts = {
  readonly entries: readonly { readonly url: string }[];
  /** Where the list stands, for messages. */
  readonly origin: string;
  /** Mirrors that are complete already: those of a kept chain. */
  readonly known?: readonly ConfiguredMirror[];
  readonly sections: readonly MirrorSection[];
  /** Index of the file that gives the chain, if one does. */
  readonly layer: number | undefined;
  readonly trusted: boolean;
  readonly probePath: string;
  /** What the user's netrc has for a URL. */
  readonly netrc: (url: URL) => Credentials | undefined;
};

/** How a mirror is tuned where nothing tunes it. */
export const UNTUNED: Pick<ConfiguredMirror, 'weight' | 'tier' | 'match'> = {
  weight: defaultOf(MIRROR.weight),
  tier: defaultOf(MIRROR.tier),
  match: defaultOf(MIRROR.match),
};

type Draft = Omit<ConfiguredMirror, 'authorization' | 'authorizationOrigin'> & {
  readonly credentials: Credentials | undefined;
};

/**
 * The mirrors of a chain: those of the list, tuned by the sections that have the same URL (or, without a
 * URL, their name), then the sections' own, if their file gives the chain. Names are made unique.
 * No mirror of an untrusted chain gets to see private paths or credentials, whatever a section or netrc says.
 * A section's credentials come before those of the URL, and netrc's last.
 * @throws RondoError E_BAD_MIRROR_URL, E_CONFIG
 */
export function buildMirrors(parts: MirrorParts): { mirrors: ConfiguredMirror[]; warnings: Text[] } {
  const warnings: Text[] = [];
  const drafts: Draft[] = (parts.known ?? []).map(draftOfKnown);
  const listed = new Set(drafts.map(({ url }) => url.href));
  for (const entry of parts.entries) {
    const draft = atPlace(originText(parts.origin), () => draftOf(entry.url, parts.probePath));
    if (listed.has(draft.url.href))
      warnings.push(say('{name} stands twice in the list', { name: draft.name }));
    else drafts.push(draft);
    listed.add(draft.url.href);
  }
  for (const section of parts.sections) {
    const own =
      section.values.url === undefined
        ? undefined
        : atPlace(section.where, () => draftOf(section.values.url ?? '', parts.probePath));
    const index = drafts.findIndex((draft) =>
      own === undefined ? draft.name === section.name : draft.url.href === own.url.href,
    );
    const draft = drafts[index];
    if (draft !== undefined) drafts[index] = tune(draft, section, own);
    else if (parts.layer === undefined) continue;
    else if (own !== undefined && section.urlLayer === parts.layer) drafts.push(tune(own, section, own));
    else if (own === undefined && section.layer === parts.layer && parts.trusted)
      throw unknownMirror(section, drafts);
  }
  const mirrors = finish(drafts, parts);
  const clear = mirrors.filter(
    ({ url, authorization }) =>
      authorization !== undefined && url.protocol === 'http:' && !isLoopback(addressOf(url).host),
  );
  return {
    mirrors,
    warnings: [
      ...warnings,
      ...clear.map(({ name }) => say('{name}: its credentials travel in clear, over http', { name })),
    ],
  };
}

function draftOf(text: string, probePath: string): Draft {
  const { url, credentials } = parseMirrorUrl(text);
  return { ...UNTUNED, name: defaultMirrorName(url), url, credentials, probePath };
}

function draftOfKnown({ authorization, authorizationOrigin: origin, ...mirror }: ConfiguredMirror): Draft {
  const has = authorization !== undefined && origin !== undefined;
  return { ...mirror, credentials: has ? { authorization, origin } : undefined };
}

function tune(draft: Draft, section: MirrorSection, own: Draft | undefined): Draft {
  const { weight, tier, match, probePath } = section.values;
  if (section.credentials instanceof RondoError) throw section.credentials;
  return {
    name: section.name,
    url: draft.url,
    credentials: section.credentials ?? draft.credentials ?? own?.credentials,
    weight: weight ?? draft.weight,
    tier: tier ?? draft.tier,
    match: match ?? draft.match,
    probePath: probePath ?? draft.probePath,
  };
}

function finish(drafts: readonly Draft[], { trusted, netrc }: MirrorParts): ConfiguredMirror[] {
  const taken = new Set<string>();
  return drafts.map(({ credentials, ...draft }) => {
    let name = draft.name;
    for (let copy = 2; taken.has(name); copy += 1) name = `${draft.name}-${copy}`;
    taken.add(name);
    const found = credentials ?? (trusted ? netrc(draft.url) : undefined);
    const secret =
      found === undefined ? {} : { authorization: found.authorization, authorizationOrigin: found.origin };
    return { ...draft, ...secret, name, match: trusted ? draft.match : UNTUNED.match };
  });
}

function unknownMirror({ name, where }: MirrorSection, drafts: readonly Draft[]): RondoError {
  const meant = nearest(
    name,
    drafts.map((draft) => draft.name),
  );
  const hint =
    meant === undefined
      ? say('give [mirror {name}] a url, or call it by host and path as proxy does', { name: quote(name) })
      : say('did you mean [mirror {name}]?', { name: quote(meant) });
  return new RondoError(
    'E_CONFIG',
    say('{where}: no mirror of proxy is called {name}', { where, name: quote(name) }),
    { hint },
  );
}
