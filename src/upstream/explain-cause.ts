import type { Cause } from '../balance/outcome.ts';

/** A cause, for people. */
export type Explanation = {
  /** One sentence, lower case, no full stop. */
  readonly words: string;
  /** Who can end it. */
  readonly whoMends: string;
  /** When it is likely to be over, in milliseconds; absent where only somebody's work ends it or nothing is wrong. */
  readonly likelyOverMs?: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIRROR = 'whoever runs the mirror';
const NETWORK = 'whoever runs the network between here and the mirror';
const YOU = 'you, on this machine';
const NOBODY = 'nobody needs to';

const EXPLANATIONS: Readonly<Record<Cause, Explanation>> = {
  ok: { words: 'the mirror answered', whoMends: NOBODY },
  'not-found': { words: 'the mirror does not have it', whoMends: NOBODY },
  refused: {
    words: 'the mirror does not give it to us: it is not allowed, or the mirror does not carry it',
    whoMends: 'you, with credentials for the mirror, or whoever runs it',
  },
  superseded: {
    words: 'nobody needed the answer any more: another came first, or Rondo stopped',
    whoMends: NOBODY,
  },
  'rate-limited': {
    words: 'the mirror asked us to come back later',
    whoMends: NOBODY,
    likelyOverMs: 30 * SECOND,
  },
  overload: {
    words: 'the mirror is overloaded or being maintained',
    whoMends: MIRROR,
    likelyOverMs: 2 * MINUTE,
  },
  'cdn-origin': {
    words: 'the CDN in front of the mirror could not reach it',
    whoMends: MIRROR,
    likelyOverMs: 2 * MINUTE,
  },
  'back-end-down': {
    words: 'what stands behind the mirror is down',
    whoMends: MIRROR,
    likelyOverMs: 5 * MINUTE,
  },
  'server-error': {
    words: 'the mirror failed in a way of its own, or does not take such a request',
    whoMends: MIRROR,
    likelyOverMs: 5 * MINUTE,
  },
  dns: {
    words: "the mirror's name has no address",
    whoMends: 'whoever owns the name; you, if it is misspelt',
  },
  'connect-refused': {
    words: 'nothing listens there, or a firewall refuses',
    whoMends: `${MIRROR}, or of the firewall`,
    likelyOverMs: 5 * MINUTE,
  },
  'connect-timeout': {
    words: 'no connection came about in time',
    whoMends: `${NETWORK}, or the mirror`,
    likelyOverMs: 5 * MINUTE,
  },
  'tls-timeout': {
    words: 'the connection stands, but its TLS handshake hangs',
    whoMends: `${MIRROR}, or the network`,
    likelyOverMs: 5 * MINUTE,
  },
  certificate: {
    words: "the mirror's certificate cannot be trusted",
    whoMends: `${MIRROR}; you, if its root is missing here`,
  },
  'header-timeout': {
    words: 'the mirror took the request and never answered',
    whoMends: MIRROR,
    likelyOverMs: MINUTE,
  },
  'slow-header': { words: 'the mirror is slow to answer', whoMends: MIRROR, likelyOverMs: MINUTE },
  'body-idle': {
    words: 'the download stopped half-way',
    whoMends: `${MIRROR}, or the network`,
    likelyOverMs: MINUTE,
  },
  'body-slow': {
    words: 'the download was hardly moving',
    whoMends: `${MIRROR}, or the network`,
    likelyOverMs: 5 * MINUTE,
  },
  reset: { words: 'the connection broke', whoMends: `${MIRROR}, or the network`, likelyOverMs: MINUTE },
  'short-body': { words: 'the download ended too early', whoMends: MIRROR, likelyOverMs: MINUTE },
  'soft-not-found': {
    words: 'the mirror said 404 but meant that it could not look',
    whoMends: MIRROR,
    likelyOverMs: MINUTE,
  },
  'captive-portal': {
    words: 'a web page came instead of the file: a login page of this network, or a broken mirror',
    whoMends: 'you, by logging in to the network; else whoever runs the mirror',
  },
  'bad-content': { words: 'what came is not such a file', whoMends: MIRROR, likelyOverMs: 5 * MINUTE },
  'wrong-content': {
    words: 'what came contradicts the checksum database',
    whoMends: `${MIRROR}; do not use it until it is explained`,
  },
  'bad-redirect': { words: 'the mirror redirects to where Rondo does not follow', whoMends: MIRROR },
  loop: {
    words: 'the mirror is this Rondo itself, or its own mirrors go round in a circle',
    whoMends: 'you, in the list of mirrors, or whoever runs the mirror',
  },
  unable: {
    words: 'the mirror is a Rondo: it is well, but could not get the file from its own mirrors',
    whoMends: "whoever runs that Rondo's mirrors",
    likelyOverMs: 2 * MINUTE,
  },
  protocol: {
    words: 'what answers there does not speak HTTP as it should',
    whoMends: `${MIRROR}; you, if scheme or port are wrong`,
  },
  proxy: {
    words: 'the proxy of this machine (HTTPS_PROXY, HTTP_PROXY) cannot be used',
    whoMends: 'you, in these variables; else whoever runs the proxy',
    likelyOverMs: MINUTE,
  },
  'network-down': { words: 'the network of this machine is down', whoMends: YOU, likelyOverMs: 30 * SECOND },
};

/** What a cause means, who can mend it and when it is likely to be over (selection.md, "What a failure was"). */
export function explainCause(cause: Cause): Explanation {
  return EXPLANATIONS[cause];
}
