import { say, type Text } from '../words/text.ts';

/** What ask-direct.ts says in words of its own. */
const OWN = [
  'there is no git',
  'go said nothing',
  'go printed no JSON',
  'go printed more than anybody reads',
] as const;

/** Why a repository could not be asked: our own words as a text, those of go as they are. Pure. */
export function directWords(why: string): Text | string {
  const own = OWN.find((each) => each === why);
  if (own !== undefined) return say(own);
  const [, seconds] = /^no answer within (\S+) s$/.exec(why) ?? [];
  return seconds === undefined ? why : say('no answer within {seconds} s', { seconds });
}
