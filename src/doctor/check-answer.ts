import type { Outcome } from '../balance/outcome.ts';
import type { Hop } from '../upstream/attempt.ts';
import { causeWords } from '../upstream/explain-cause.ts';
import { detailText } from '../words/detail-text.ts';
import { render } from '../words/render.ts';
import { many, say, type Text } from '../words/text.ts';
import type { MirrorBounds, MirrorFacts } from './check-mirror.ts';
import type { Finding } from './finding.ts';

/** What helps, by what it was; the explanation of the cause says who can end it. */
const FIXES: Readonly<Partial<Record<Outcome['cause'], Text>>> = {
  'connect-timeout': say('a firewall drops it: try another network, or a proxy (HTTPS_PROXY)'),
  'captive-portal': say('log in to this network in a browser, then try again'),
  'rate-limited': say('wait; a Rondo in front of all builds asks for each file once'),
  loop: say('take the address of Rondo out of its own chain'),
  proxy: say('check HTTPS_PROXY, HTTP_PROXY and NO_PROXY'),
  'network-down': say('check the network of this machine'),
};

/** What is wrong with how a mirror answered, unless its name or certificate says so already. Pure. */
export function checkAnswer(
  { outcome, hops, certificate, names }: MirrorFacts,
  { hasOthers }: MirrorBounds,
): Finding[] {
  if (outcome.class === 'ok' || outcome.cause === 'not-found') return [];
  // Said already, and better.
  if (outcome.cause === 'certificate' && certificate?.untrusted !== undefined) return [];
  if (outcome.cause === 'dns' && names.kind === 'failed') return [];
  const { words, whoMends } = causeWords(outcome.cause) ?? {
    words: say('it failed in a way that has no name'),
    whoMends: say('whoever runs the mirror'),
  };
  return [
    {
      id: `mirror.${outcome.cause}`,
      level: 'finding',
      what: words,
      evidence: [detailText(outcome.detail), ...hopLines(hops)],
      fix: fixOf(outcome.cause, whoMends, hasOthers),
    },
  ];
}

function fixOf(cause: Outcome['cause'], who: Text, hasOthers: boolean): Text {
  if (cause === 'connect-refused')
    return hasOthers
      ? say('check port and scheme in its URL; Rondo asks the others meanwhile')
      : say('check port and scheme in its URL; to add other mirrors: rondo init');
  if (cause === 'bad-redirect')
    return hasOthers
      ? say('tell whoever runs it; Rondo asks the others meanwhile')
      : say('tell whoever runs it; to add other mirrors: rondo init');
  const own = FIXES[cause];
  if (own !== undefined) return own;
  return hasOthers
    ? say('who can mend it: {who}; Rondo asks the others meanwhile', { who })
    : say('who can mend it: {who}; to add other mirrors: rondo init', { who });
}

/** The steps of a redirection, a line each; a circle is told once, and how much more of it there was. Pure. */
export function hopLines(hops: readonly Hop[]): Text[] {
  const lines = new Map(hops.map((hop) => [render(hopLine(hop)), hopLine(hop)]));
  const more = hops.length - lines.size;
  const rest = more === 0 ? [] : [many(more, '… {count} more line', '… {count} more lines')];
  return [...lines.values(), ...rest];
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
function hopLine({ status, url, address, headers }: Hop): Text {
  const told = TELLING.flatMap((name) => (headers[name] === undefined ? [] : [`${name} ${headers[name]}`]));
  const where = { status, place: address === '' ? url : `${url} (${address})` };
  return told.length === 0
    ? say('{status} from {place}', where)
    : say('{status} from {place}: {headers}', { ...where, headers: told.join('; ') });
}
