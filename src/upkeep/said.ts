import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { render } from '../words/render.ts';
import { listed, say, type Text } from '../words/text.ts';

/** Words for people: a sentence of the table, or what somebody else said. */
export type Said = Text | string;

/** What anything that was thrown says, on one line. */
export function saidOf(thrown: unknown): Said {
  return thrown instanceof RondoError ? thrown.said.message : messageOf(thrown);
}

/** As saidOf, with what each mirror said. */
export function problemOf(thrown: unknown): Said {
  if (!(thrown instanceof RondoError) || thrown.said.details.length === 0) return saidOf(thrown);
  const details = thrown.said.details.map((each) =>
    typeof each === 'string' ? each.replace(/\s+/g, ' ').trim() : each,
  );
  // Where a mirror's own words are the message, they stand behind its name once more.
  const { message } = thrown.said;
  const words = typeof message === 'string' ? message.replace(/\.$/, '') : undefined;
  const repeats = words !== undefined && details.some((each) => render(each).includes(words));
  return listed(repeats ? details : [message, ...details], '; ');
}

/** What the verifier says most. It says it to logs and mirrors' records too, which are in English. */
const OF_VERIFIER: ReadonlyMap<string, Text> = new Map(
  [
    say('its hash is not the one in the checksum database'),
    say('its hash is not the one that was first seen here'),
    say('its length is not what its end says: cut short or mixed up'),
    say('it is empty'),
    say('it is a web page'),
  ].map((text) => [render(text), text]),
);

/** What the verifier has against a file, in words that are translated where they are known. */
export function saidByVerifier(why: string): Said {
  return OF_VERIFIER.get(why) ?? why;
}
