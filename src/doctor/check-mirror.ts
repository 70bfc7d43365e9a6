import type { Outcome } from '../balance/outcome.ts';
import type { Hop } from '../upstream/attempt.ts';
import type { PeekedCertificate } from '../upstream/peek-certificate.ts';
import { detailText } from '../words/detail-text.ts';
import { say, type Text } from '../words/text.ts';
import { checkAnswer } from './check-answer.ts';
import type { Finding } from './finding.ts';

/** What the name of a mirror leads to. */
export type NameFacts =
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly { readonly address: string; readonly isPublic: boolean }[];
    }
  | { readonly kind: 'failed'; readonly why: string }
  /** An address stands in the URL, or a proxy looks the name up. */
  | { readonly kind: 'not-looked-up'; readonly why: NotLookedUp };

/** Why nobody looked a name up. */
export type NotLookedUp = 'it is a folder' | 'its URL has an address' | 'a proxy looks it up';

/** What was seen of one mirror. */
export type MirrorFacts = {
  readonly name: string;
  readonly host: string;
  /** It is one of the mirrors that everybody knows: where those lead is no matter of this network. */
  readonly isWellKnown: boolean;
  readonly names: NameFacts;
  /** `/etc/hosts:3: 10.0.0.1 goproxy.cn`: the line that says where the name leads. */
  readonly hostsLine: string | undefined;
  /** Absent without TLS, or where no handshake came about. */
  readonly certificate: PeekedCertificate | undefined;
  /** Whether the root of its chain is one that everybody trusts. */
  readonly rootIsPublic: boolean | undefined;
  /** How the request for a file ended that every mirror has. */
  readonly outcome: Outcome;
  readonly hops: readonly Hop[];
  /** Of a larger file: its hash, and how fast it came; absent where it did not. */
  readonly sample:
    | { readonly bytes: number; readonly ms: number; readonly h1: string | undefined }
    | undefined;
  /** When it last looked at what it mirrors, where it tells. Unix time in milliseconds. */
  readonly syncedAtMs: number | undefined;
};

/** What the sample ought to be, and who says so. */
export type RightSample = {
  /** `golang.org/x/text@v0.3.0` */
  readonly name: string;
  readonly h1: string;
  readonly by: 'database' | 'go.sum' | 'mirrors';
};

/** What the others are compared with. */
export type MirrorBounds = {
  readonly wallMs: number;
  /** The best rate of all mirrors, in bytes a second; 0 where none is known. */
  readonly bestRate: number;
  /** Undefined where nobody says what the sample ought to be. */
  readonly right: RightSample | undefined;
  /** The chain has more mirrors than this one. */
  readonly hasOthers: boolean;
};

/** A mirror that is further behind has not what was published since. */
const STALE_MS = 300_000;
/** So much slower than the best one, and slow by any measure. */
const THROTTLED_SHARE = 0.1;
const THROTTLED_RATE = 1024 * 1024;
/** Less than this, in less time, says how long the way is, and not how wide. */
const MIN_RATED = { bytes: 64 * 1024, ms: 1000 } as const;
/** Whoever runs a mirror has so long to renew its certificate. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** What is wrong with one mirror, by all that was seen of it. Pure. */
export function checkMirror(facts: MirrorFacts, bounds: MirrorBounds): Finding[] {
  return [
    ...checkName(facts),
    ...checkCertificate(facts, bounds),
    ...checkAnswer(facts, bounds),
    ...checkContent(facts, bounds),
  ].map((finding) => ({ ...finding, what: say('{name}: {what}', { name: facts.name, what: finding.what }) }));
}

function checkName({ names, host, hostsLine, isWellKnown }: MirrorFacts): Finding[] {
  const findings: Finding[] = [];
  if (hostsLine !== undefined) {
    findings.push({
      id: 'mirror.hosts-file',
      level: 'finding',
      what: say('the hosts file of this machine says where it is, and not DNS'),
      evidence: [hostsLine],
      fix: say('take the line out, unless you put it there on purpose'),
    });
  }
  if (names.kind === 'failed') {
    findings.push({
      id: 'mirror.dns',
      level: 'finding',
      what: say('its name has no address'),
      evidence: [say('{host}: {why}', { host, why: detailText(names.why) })],
      fix: say('check the spelling of the name, then the name server of this network'),
    });
  }
  const inside = names.kind === 'addresses' ? names.addresses.filter(({ isPublic }) => !isPublic) : [];
  // Another may well be meant to be inside.
  if (inside.length > 0 && hostsLine === undefined && isWellKnown) {
    findings.push({
      id: 'mirror.private-address',
      level: 'finding',
      what: say(
        'DNS leads its name to a private address: a captive portal, or a name server that answers for others',
      ),
      evidence: inside.map(({ address }) => say('{host} is {address}', { host, address })),
      fix: say('ask another name server, or log in to the network'),
    });
  }
  return findings;
}

/** By the codes of Node, which are OpenSSL's. */
const UNTRUSTED: readonly (readonly [code: RegExp, id: string, what: Text, fix: Text])[] = [
  [
    /^CERT_HAS_EXPIRED$/,
    'expired',
    say('its certificate has expired'),
    say('tell whoever runs it; is the clock of this machine right?'),
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'not-yet-valid',
    say('its certificate is not valid yet'),
    say('check the clock of this machine: date'),
  ],
  [
    /ALTNAME|HOSTNAME_MISMATCH/,
    'other-name',
    say('its certificate is for another name'),
    say('check the URL; somebody else may answer in its place'),
  ],
  [
    /SELF_SIGNED/,
    'self-signed',
    say('its certificate is signed by nobody whom this machine trusts'),
    say('if it is yours: tls_ca in the configuration, or SSL_CERT_FILE'),
  ],
  [
    /./,
    'untrusted',
    say('its certificate cannot be trusted'),
    say('if its authority is yours: SSL_CERT_FILE names its root'),
  ],
];

function checkCertificate(
  { certificate, rootIsPublic, isWellKnown }: MirrorFacts,
  { wallMs }: MirrorBounds,
): Finding[] {
  if (certificate === undefined) return [];
  const { untrusted, validFromMs, validUntilMs, subject, issuer, names, chain } = certificate;
  const evidence = [
    say('subject {subject}; for {names}', { subject, names: names.slice(0, 5).join(', ') }),
    say('issuer {issuer}; chain {chain}', { issuer, chain: chain.join(' < ') }),
    say('valid from {from} to {until}; here it is {now}', {
      from: dateOf(validFromMs),
      until: dateOf(validUntilMs),
      now: dateOf(wallMs),
    }),
  ];
  const known = untrusted === undefined ? undefined : UNTRUSTED.find(([code]) => code.test(untrusted));
  if (known !== undefined) {
    const [, id, what, fix] = known;
    return [{ id: `mirror.certificate.${id}`, level: 'finding', what, evidence, fix }];
  }
  const findings: Finding[] = [];
  if (validUntilMs - wallMs < EXPIRES_SOON_MS) {
    findings.push({
      id: 'mirror.certificate.soon',
      level: 'note',
      what: say('its certificate ends soon'),
      evidence,
      fix: say('tell whoever runs it'),
    });
  }
  // Another may well have an authority of its own.
  if (rootIsPublic === false && isWellKnown) {
    findings.push({
      id: 'mirror.certificate.issuer',
      level: 'finding',
      what: say('an authority of this machine alone vouches for it: somebody on the way opens its TLS'),
      evidence,
      fix: say('ask whoever runs this network; the checksum database still proves every module'),
    });
  }
  return findings;
}

function dateOf(ms: number): Text | string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : say('no date');
}

function checkContent(
  { sample, syncedAtMs }: MirrorFacts,
  { bestRate, right, wallMs, hasOthers }: MirrorBounds,
): Finding[] {
  const findings: Finding[] = [];
  if (sample?.h1 !== undefined && right !== undefined && sample.h1 !== right.h1)
    findings.push(otherContent(sample.h1, right));
  const rate = rateOf(sample);
  if (rate !== undefined && rate < THROTTLED_RATE && rate < bestRate * THROTTLED_SHARE) {
    findings.push({
      id: 'mirror.throttled',
      level: 'finding',
      what: say('it sends far slower than the others'),
      evidence: [
        say('{rate} KiB/s here, {best} KiB/s from the fastest one', { rate: kib(rate), best: kib(bestRate) }),
      ],
      fix: say(
        'Rondo gives it less to do by itself; a lower weight says so at once: rondo mirrors set NAME weight=1',
      ),
    });
  }
  const behindMs = syncedAtMs === undefined ? 0 : wallMs - syncedAtMs;
  if (behindMs > STALE_MS) {
    findings.push({
      id: 'mirror.stale',
      level: 'finding',
      what: say('it last looked for new versions {count} minutes ago', {
        count: Math.round(behindMs / 60_000),
      }),
      evidence: [say('its own word: {time}', { time: new Date(wallMs - behindMs).toISOString() })],
      fix: hasOthers
        ? say('Rondo asks the others for what is new; tell whoever runs it')
        : say('tell whoever runs it; to add other mirrors: rondo init'),
    });
  }
  return findings;
}

/** The database alone is right against everybody; what else differs is for `why` to tell. */
function otherContent(found: string, { name, h1, by }: RightSample): Finding {
  const has = say('it has {h1}', { h1: found });
  const rest = { id: 'mirror.wrong-content', level: 'finding', fix: `rondo why ${name}` } as const;
  switch (by) {
    case 'database':
      return {
        ...rest,
        what: say('it has another file than the checksum database knows'),
        evidence: [has, say('the right one is {h1}', { h1 })],
        fix: say('take it out of the chain, and tell whoever runs it'),
      };
    case 'go.sum':
      return {
        ...rest,
        what: say('it has another file for {name} than go.sum of this project', { name }),
        evidence: [has, say('go.sum has {h1}', { h1 })],
      };
    case 'mirrors':
      return {
        ...rest,
        what: say('it has another file for {name} than most mirrors', { name }),
        evidence: [has, say('most have {h1}', { h1 })],
      };
  }
}

/** Bytes a second; undefined where too little has come to tell. Pure. */
export function rateOf(sample: MirrorFacts['sample']): number | undefined {
  if (sample === undefined || sample.ms <= 0) return undefined;
  if (sample.bytes < MIN_RATED.bytes && sample.ms < MIN_RATED.ms) return undefined;
  return (sample.bytes * 1000) / sample.ms;
}

function kib(rate: number): number {
  return Math.round(rate / 1024);
}
