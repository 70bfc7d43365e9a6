import type { Outcome } from '../balance/outcome.ts';
import { explainCause } from '../upstream/explain-cause.ts';
import type { Hop } from '../upstream/attempt.ts';
import type { PeekedCertificate } from '../upstream/peek-certificate.ts';
import type { Finding } from './finding.ts';

/** What the name of a mirror leads to. */
export type NameFacts =
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly { readonly address: string; readonly isPublic: boolean }[];
    }
  | { readonly kind: 'failed'; readonly why: string }
  /** An address stands in the URL, or a proxy looks the name up. */
  | { readonly kind: 'not-looked-up'; readonly why: string };

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

/** What the others are compared with. */
export type MirrorBounds = {
  readonly wallMs: number;
  /** The best rate of all mirrors, in bytes a second; 0 where none is known. */
  readonly bestRate: number;
  /** The hash of the sample by the checksum database, or by most mirrors. */
  readonly rightH1: string | undefined;
};

/** A mirror that is further behind has not what was published since. */
const STALE_MS = 300_000;
/** So much slower than the best one, and slow by any measure. */
const THROTTLED_SHARE = 0.1;
const THROTTLED_RATE = 1024 * 1024;
/** Whoever runs a mirror has so long to renew its certificate. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** What is wrong with one mirror, by all that was seen of it. Pure. */
export function checkMirror(facts: MirrorFacts, bounds: MirrorBounds): Finding[] {
  return [
    ...checkName(facts),
    ...checkCertificate(facts, bounds),
    ...checkAnswer(facts),
    ...checkContent(facts, bounds),
  ].map((finding) => ({ ...finding, what: `${facts.name}: ${finding.what}` }));
}

function checkName({ names, host, hostsLine, isWellKnown }: MirrorFacts): Finding[] {
  const findings: Finding[] = [];
  if (hostsLine !== undefined) {
    findings.push({
      id: 'mirror.hosts-file',
      level: 'finding',
      what: 'the hosts file of this machine says where it is, and not DNS',
      evidence: [hostsLine],
      fix: 'take the line out, unless you put it there on purpose',
    });
  }
  if (names.kind === 'failed') {
    findings.push({
      id: 'mirror.dns',
      level: 'finding',
      what: 'its name has no address',
      evidence: [`${host}: ${names.why}`],
      fix: 'check the spelling of the name, then the name server of this network',
    });
  }
  const inside = names.kind === 'addresses' ? names.addresses.filter(({ isPublic }) => !isPublic) : [];
  // Another may well be meant to be inside.
  if (inside.length > 0 && hostsLine === undefined && isWellKnown) {
    findings.push({
      id: 'mirror.private-address',
      level: 'finding',
      what: 'DNS leads its name to a private address: a captive portal, or a name server that answers for others',
      evidence: inside.map(({ address }) => `${host} is ${address}`),
      fix: 'ask another name server, or log in to the network',
    });
  }
  return findings;
}

/** By the codes of Node, which are OpenSSL's. */
const UNTRUSTED: readonly (readonly [code: RegExp, id: string, what: string, fix: string])[] = [
  [
    /^CERT_HAS_EXPIRED$/,
    'expired',
    'its certificate has expired',
    'tell whoever runs it; is the clock of this machine right?',
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    'not-yet-valid',
    'its certificate is not valid yet',
    'check the clock of this machine: date',
  ],
  [
    /ALTNAME|HOSTNAME_MISMATCH/,
    'other-name',
    'its certificate is for another name',
    'check the URL; somebody else may answer in its place',
  ],
  [
    /SELF_SIGNED/,
    'self-signed',
    'its certificate is signed by nobody whom this machine trusts',
    'if it is yours: tls_ca in the configuration, or SSL_CERT_FILE',
  ],
  [
    /./,
    'untrusted',
    'its certificate cannot be trusted',
    'if its authority is yours: SSL_CERT_FILE names its root',
  ],
];

function checkCertificate(
  { certificate, rootIsPublic, isWellKnown }: MirrorFacts,
  { wallMs }: MirrorBounds,
): Finding[] {
  if (certificate === undefined) return [];
  const { untrusted, validFromMs, validUntilMs, subject, issuer, names, chain } = certificate;
  const evidence = [
    `subject ${subject}; for ${names.slice(0, 5).join(', ')}`,
    `issuer ${issuer}; chain ${chain.join(' < ')}`,
    `valid from ${dateOf(validFromMs)} to ${dateOf(validUntilMs)}; here it is ${dateOf(wallMs)}`,
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
      what: 'its certificate ends soon',
      evidence,
      fix: 'tell whoever runs it',
    });
  }
  // Another may well have an authority of its own.
  if (rootIsPublic === false && isWellKnown) {
    findings.push({
      id: 'mirror.certificate.issuer',
      level: 'finding',
      what: 'an authority of this machine alone vouches for it: somebody on the way opens its TLS',
      evidence,
      fix: 'ask whoever runs this network; the checksum database still proves every module',
    });
  }
  return findings;
}

function dateOf(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : 'no date';
}

/** What helps, by what it was; the explanation of the cause says who can end it. */
const FIXES: Readonly<Partial<Record<Outcome['cause'], string>>> = {
  'connect-refused': 'check port and scheme in its URL; Rondo asks the others meanwhile',
  'connect-timeout': 'a firewall drops it: try another network, or a proxy (HTTPS_PROXY)',
  'captive-portal': 'log in to this network in a browser, then try again',
  'bad-redirect': 'tell whoever runs it; Rondo asks the others meanwhile',
  'rate-limited': 'wait; a Rondo in front of all builds asks for each file once',
  loop: 'take the address of Rondo out of its own chain',
  proxy: 'check HTTPS_PROXY, HTTP_PROXY and NO_PROXY',
  'network-down': 'check the network of this machine',
};

function checkAnswer({ outcome, hops, certificate, names }: MirrorFacts): Finding[] {
  if (outcome.class === 'ok' || outcome.cause === 'not-found') return [];
  // Said already, and better.
  if (outcome.cause === 'certificate' && certificate?.untrusted !== undefined) return [];
  if (outcome.cause === 'dns' && names.kind === 'failed') return [];
  const { words, whoMends } = explainCause(outcome.cause);
  return [
    {
      id: `mirror.${outcome.cause}`,
      level: 'finding',
      what: words,
      evidence: [outcome.detail, ...hops.map(hopLine)],
      fix: FIXES[outcome.cause] ?? `${whoMends} can mend it; Rondo asks the others meanwhile`,
    },
  ];
}

/** Headers that tell what stands between, and what it wants. */
const TELLING = [
  'server',
  'via',
  'x-cache',
  'retry-after',
  'x-ratelimit-remaining',
  'location',
  'content-type',
];

/** `503 from https://goproxy.cn/… (198.51.100.7): x-cache MISS; via 1.1 proxy`. */
export function hopLine({ status, url, address, headers }: Hop): string {
  const told = TELLING.flatMap((name) => (headers[name] === undefined ? [] : [`${name} ${headers[name]}`]));
  const from = address === '' ? '' : ` (${address})`;
  return `${status} from ${url}${from}${told.length === 0 ? '' : `: ${told.join('; ')}`}`;
}

function checkContent(
  { sample, syncedAtMs }: MirrorFacts,
  { bestRate, rightH1, wallMs }: MirrorBounds,
): Finding[] {
  const findings: Finding[] = [];
  if (sample?.h1 !== undefined && rightH1 !== undefined && sample.h1 !== rightH1) {
    findings.push({
      id: 'mirror.wrong-content',
      level: 'finding',
      what: 'it has another file than the checksum database knows',
      evidence: [`it has ${sample.h1}`, `the right one is ${rightH1}`],
      fix: 'take it out of the chain, and tell whoever runs it',
    });
  }
  const rate = sample === undefined || sample.ms <= 0 ? undefined : (sample.bytes * 1000) / sample.ms;
  if (rate !== undefined && rate < THROTTLED_RATE && rate < bestRate * THROTTLED_SHARE) {
    findings.push({
      id: 'mirror.throttled',
      level: 'finding',
      what: 'it sends far slower than the others',
      evidence: [`${kib(rate)} KiB/s here, ${kib(bestRate)} KiB/s from the fastest one`],
      fix: 'Rondo gives it less to do by itself; a lower weight says so at once: rondo mirrors set NAME weight=1',
    });
  }
  const behindMs = syncedAtMs === undefined ? 0 : wallMs - syncedAtMs;
  if (behindMs > STALE_MS) {
    findings.push({
      id: 'mirror.stale',
      level: 'finding',
      what: `it last looked for new versions ${Math.round(behindMs / 60_000)} minutes ago`,
      evidence: [`its own word: ${new Date(wallMs - behindMs).toISOString()}`],
      fix: 'Rondo asks the others for what is new; tell whoever runs it',
    });
  }
  return findings;
}

function kib(rate: number): number {
  return Math.round(rate / 1024);
}
