import type { Cause } from '../balance/outcome.ts';
import { render } from '../words/render.ts';
import { say, type Text } from '../words/text.ts';

/** A cause, for people. */
export type Explanation = {
  /** One sentence, lower case, no full stop. */
  readonly words: string;
  /** Who can end it. */
  readonly whoMends: string;
  /** When it is likely to be over, in milliseconds; absent where only somebody's work ends it or nothing is wrong. */
  readonly likelyOverMs?: number;
};

/** The same for people, whatever their language. */
export type CauseWords = Omit<Explanation, 'words' | 'whoMends'> & {
  readonly words: Text;
  readonly whoMends: Text;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIRROR = say('whoever runs the mirror');
const MIRROR_OR_NETWORK = say('whoever runs the mirror, or the network');
const NOBODY = say('nobody needs to');

const EXPLANATIONS: Readonly<Record<Cause, CauseWords>> = {
  ok: { words: say('the mirror answered'), whoMends: NOBODY },
  'not-found': { words: say('the mirror does not have it'), whoMends: NOBODY },
  refused: {
    words: say('the mirror does not give it to us: it is not allowed, or the mirror does not carry it'),
    whoMends: say('you, with credentials for the mirror, or whoever runs it'),
  },
  superseded: {
    words: say('nobody needed the answer any more: another came first, or Rondo stopped'),
    whoMends: NOBODY,
  },
  'rate-limited': {
    words: say('the mirror asked us to come back later'),
    whoMends: NOBODY,
    likelyOverMs: 30 * SECOND,
  },
  overload: {
    words: say('the mirror is overloaded or being maintained'),
    whoMends: MIRROR,
    likelyOverMs: 2 * MINUTE,
  },
  'cdn-origin': {
    words: say('the CDN in front of the mirror could not reach it'),
    whoMends: MIRROR,
    likelyOverMs: 2 * MINUTE,
  },
  'back-end-down': {
    words: say('what stands behind the mirror is down'),
    whoMends: MIRROR,
    likelyOverMs: 5 * MINUTE,
  },
  'server-error': {
    words: say('the mirror failed in a way of its own, or does not take such a request'),
    whoMends: MIRROR,
    likelyOverMs: 5 * MINUTE,
  },
  dns: {
    words: say("the mirror's name has no address"),
    whoMends: say('whoever owns the name; you, if it is misspelt'),
  },
  'connect-refused': {
    words: say('nothing listens there, or a firewall refuses'),
    whoMends: say('whoever runs the mirror, or of the firewall'),
    likelyOverMs: 5 * MINUTE,
  },
  'connect-timeout': {
    words: say('no connection came about in time'),
    whoMends: say('whoever runs the network between here and the mirror, or the mirror'),
    likelyOverMs: 5 * MINUTE,
  },
  'tls-timeout': {
    words: say('the connection stands, but its TLS handshake hangs'),
    whoMends: MIRROR_OR_NETWORK,
    likelyOverMs: 5 * MINUTE,
  },
  certificate: {
    words: say("the mirror's certificate cannot be trusted"),
    whoMends: say('whoever runs the mirror; you, if its root is missing here'),
  },
  'header-timeout': {
    words: say('the mirror took the request and never answered'),
    whoMends: MIRROR,
    likelyOverMs: MINUTE,
  },
  'slow-header': { words: say('the mirror is slow to answer'), whoMends: MIRROR, likelyOverMs: MINUTE },
  'body-idle': {
    words: say('the download stopped half-way'),
    whoMends: MIRROR_OR_NETWORK,
    likelyOverMs: MINUTE,
  },
  'body-slow': {
    words: say('the download was hardly moving'),
    whoMends: MIRROR_OR_NETWORK,
    likelyOverMs: 5 * MINUTE,
  },
  reset: { words: say('the connection broke'), whoMends: MIRROR_OR_NETWORK, likelyOverMs: MINUTE },
  'short-body': { words: say('the download ended too early'), whoMends: MIRROR, likelyOverMs: MINUTE },
  'soft-not-found': {
    words: say('the mirror said 404 but meant that it could not look'),
    whoMends: MIRROR,
    likelyOverMs: MINUTE,
  },
  'captive-portal': {
    words: say('a web page came instead of the file: a login page of this network, or a broken mirror'),
    whoMends: say('you, by logging in to the network; else whoever runs the mirror'),
  },
  'bad-content': { words: say('what came is not such a file'), whoMends: MIRROR, likelyOverMs: 5 * MINUTE },
  'wrong-content': {
    words: say('what came contradicts the checksum database'),
    whoMends: say('whoever runs the mirror; do not use it until it is explained'),
  },
  'bad-redirect': { words: say('the mirror redirects to where Rondo does not follow'), whoMends: MIRROR },
  loop: {
    words: say('the mirror is this Rondo itself, or its own mirrors go round in a circle'),
    whoMends: say('you, in the list of mirrors, or whoever runs the mirror'),
  },
  unable: {
    words: say('the mirror is a Rondo: it is well, but could not get the file from its own mirrors'),
    whoMends: say("whoever runs that Rondo's mirrors"),
    likelyOverMs: 2 * MINUTE,
  },
  protocol: {
    words: say('what answers there does not speak HTTP as it should'),
    whoMends: say('whoever runs the mirror; you, if scheme or port are wrong'),
  },
  proxy: {
    words: say('the proxy of this machine (HTTPS_PROXY, HTTP_PROXY) cannot be used'),
    whoMends: say('you, in these variables; else whoever runs the proxy'),
    likelyOverMs: MINUTE,
  },
  'network-down': {
    words: say('the network of this machine is down'),
    whoMends: say('you, on this machine'),
    likelyOverMs: 30 * SECOND,
  },
};

/** What a cause means, who can mend it and when it is likely to be over (selection.md, "What a failure was"). */
export function explainCause(cause: Cause): Explanation {
  const { words, whoMends, ...when } = EXPLANATIONS[cause];
  return { words: render(words), whoMends: render(whoMends), ...when };
}

/** The same for people; undefined for what is no cause of this version's: a newer server knows more of them. */
export function causeWords(cause: string): CauseWords | undefined {
  const known: Readonly<Record<string, CauseWords>> = EXPLANATIONS;
  return Object.hasOwn(known, cause) ? known[cause] : undefined;
}
