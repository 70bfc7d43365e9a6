/** A name of this run, and the word of the same width that stands for it in a recording. */
export type StableWord = readonly [name: string, word: string];

/**
 * What a program wrote to a terminal as text to keep. Pure:
 *
 * 1. names of this run (folders, ports) become words that are as wide, also a port that was cut;
 * 2. the version of Rondo becomes X.Y.Z;
 * 3. a block of lines that is drawn over itself stands once, as it was last;
 * 4. an escape character becomes ␛.
 */
export function recordingOf(output: string, words: readonly StableWord[]): string {
  let text = output.replaceAll('\r\n', '\n').replaceAll('\u001B', '␛');
  for (const [name, word] of words) text = text.replaceAll(name, word);
  text = text.replaceAll(
    /\b127\.0\.0\.1:(\d{1,4})…/g,
    (_, digits: string) => `127.0.0.1:${'PORT'.slice(0, digits.length)}…`,
  );
  text = text.replaceAll(/\brondo \d+\.\d+\.\d+\b/g, 'rondo X.Y.Z');
  return lastDrawn(text);
}

/** What remains of blocks that are drawn over themselves: `␛[3A\r␛[0J` takes three lines back. */
function lastDrawn(text: string): string {
  const [first = '', ...later] = text.split(/(?=␛\[\d+A\r␛\[0J)/);
  return later.reduce((drawn, part) => {
    const [redraw = '', count = '0'] = /^␛\[(\d+)A\r␛\[0J/.exec(part) ?? [];
    // Each line with its end.
    const lines = drawn.split(/(?<=\n)/);
    return [...lines.slice(0, lines.length - Number(count)), part.slice(redraw.length)].join('');
  }, first);
}

/** A time, a size or a rate, in either language. */
const AMOUNT =
  /(?<![\w.:/@-])\d+(?:\.\d+)? ?(?:(?:ms|s|min|h|d|B|[KMGT]iB)(?![\w])|毫秒|秒|分钟|小时|天)(?:\/(?:s|秒))?/g;

/**
 * The recording without what differs from run to run: times, sizes and rates become 0; the blanks of columns, which are
 * as wide as those, one; an indented line goes on with the one above it, since words are broken by the width of numbers; and
 * of a line that was cut to the width of the terminal only what stands before its last comma counts. A bar of fewer than
 * ten cells is left out: whether there is room for one depends on the width of a rate. Pure.
 */
export function comparable(recording: string): string {
  return recording
    .replaceAll(/[,，][^,，\n]*…$/gm, ', …')
    .replaceAll(/(?:␛\[22m)?\n {3,}(?:␛\[2m)?/g, ' ')
    .replaceAll(AMOUNT, '0')
    .replaceAll(/ \[(?=[#.\- ]{5,9}\] )[#]*[.\- ]*\](?= )/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/ $/gm, '');
}
