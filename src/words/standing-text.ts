import { DETAILS } from './detail-text.ts';
import { knownWords } from './known-words.ts';
import type { Sentence } from './sentences.ts';
import { listed, say, type Text } from './text.ts';

/** Of what a server says of how a mirror stands, that in which `; ` divides nothing. */
const WHOLE: readonly Sentence[] = [
  'the first answer of any mirror ends it for all; each is probed every second',
];

/**
 * Everything else (balance/standing-words.ts, mirrors/standing-of.ts). The server's answer has the English of it, and may
 * be of another version.
 */
const PARTS: readonly Sentence[] = [
  'answers well',
  'climbing back after a trial',
  'it is this Rondo itself',
  'taken out by an order to this server',
  'the next request is its trial',
  'a trial request is under way',
  'well, but could not get {files} in a row itself',
  '{count} failures in a row: {detail}',
  '{count} failure: {detail}',
  '{count} file',
  '{count} files',
  'one trial request when its time is over, or sooner if a probe succeeds',
  'one trial request when the time that it asked for is over',
  'one trial request when its time is over: successful probes do not count',
  'the trial decides: an answer closes the gate, a failure opens it for {least} to {most} s',
  'its score is back at 1',
  'a request that succeeds brings its score back',
  'a probe that succeeds brings its score back',
  '{requests} in a row, {count} by 503, or {probes} would open its gate',
  '{requests} in a row or {probes} would open its gate',
  '{count} failed request',
  '{count} failed requests',
  '{count} failed probe',
  '{count} failed probes',
  'under {share} of {visits} requests in {seconds} s (now {now} of {count})',
  '{answers} with other content than was asked for, {seconds} s from the first at the latest',
  '{count} more answer',
  '{count} more answers',
  'a body that breaks does not while no other mirror could go on with it',
  'another configuration: it is left out for good',
  'the end of that time, or rondo mirrors drain --for 0s, brings it back',
  ...DETAILS,
];

/** What stands before the reason of a gate whose time is over. */
const OVER = 'open time over; ';

/** Why a mirror stands as it does, or what would change that, in no language yet. What is unknown stays as it is. */
export function standingText(words: string): Text | string {
  if (words.startsWith(OVER))
    return say('open time over; {why}', { why: standingText(words.slice(OVER.length)) });
  const whole = knownWords(words, [...WHOLE, ...PARTS.filter((each) => !each.includes('{'))]);
  return typeof whole === 'string' ? listed(words.split('; ').map(clausesOf), '; ') : whole;
}

/** `… would open its gate, and so would A, and so would B`. */
function clausesOf(part: string): Text | string {
  const [first = '', ...more] = part.split(', and so would ');
  const what = knownWords(first, PARTS);
  return more.reduce<Text | string>(
    (before, each) => say('{what}, and so would {other}', { what: before, other: knownWords(each, PARTS) }),
    what,
  );
}
