import { RondoError } from '../errors/rondo-error.ts';
import { say, type Text } from '../words/text.ts';

/** One record of a checksum database with the signed tree that came along. */
export type ChecksumRecord = {
  /** Its number in the log. */
  readonly id: number;
  /** go.sum lines without their newline, `<module> <version>[/go.mod] <algorithm>:<hash>`. */
  readonly lines: readonly string[];
  /** The signed tree note, unchanged. Its signature has not been checked. */
  readonly noteText: string;
};

/** The two hashes of a module version, `h1:…`. */
export type RecordHashes = { readonly mod: string; readonly zip: string };

/** A record is a few hundred characters; a longer one is something else. */
const MAX_RECORD_LENGTH = 64 * 1024;
/** Of the note behind it, which says nothing of the record: as much as note.Open takes. */
const MAX_NOTE_LENGTH = 1_000_000;

const GO_SUM_LINE = /^[^ ]+ [^ ]+ (?:h1:[0-9A-Za-z+/]{43}=|h(?!1:)[0-9]+:[^ ]+)$/;
const TREE_NOTE =
  /^go\.sum database tree\n(?:0|[1-9][0-9]{0,18})\n[0-9A-Za-z+/]{43}=\n(?:[^\n]+\n)*\n(?:— [^ \n+]+ [0-9A-Za-z+/]+={0,2}\n)+$/;

/**
 * Parses the body of `/lookup/<module>@<version>`: record number, go.sum lines, a blank line, a signed
 * tree note (tlog.ParseRecord, tlog.ParseTree, the syntax of note.Open). From a mirror: hostile, and
 * nothing of it is proven here.
 * Throws RondoError E_BAD_CONTENT for anything malformed.
 */
export function parseChecksumRecord(text: string): ChecksumRecord {
  if (text.length > MAX_RECORD_LENGTH + MAX_NOTE_LENGTH) throw malformed(say('it is too long'));
  // U+FFFD is what invalid UTF-8 has become.
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
  if (/[\0-\x09\x0b-\x1f\ufffd]/.test(text))
    throw malformed(say('it has a control character or invalid UTF-8'));
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed(say('no blank line ends the record'));
  if (end > MAX_RECORD_LENGTH) throw malformed(say('it is too long'));
  const [idText = '', ...lines] = text.slice(0, end).split('\n');
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(idText))
    throw malformed(say('it does not begin with a record number'));
  if (lines.length === 0) throw malformed(say('it has no go.sum lines'));
  if (!lines.every((line) => GO_SUM_LINE.test(line))) throw malformed(say('a line is no go.sum line'));
  const noteText = text.slice(end + 2);
  if (!TREE_NOTE.test(noteText)) throw malformed(say('no signed tree note follows'));
  return { id: Number(idText), lines, noteText };
}

/**
 * The hashes of `module@version` in a record, or `undefined` when one of the two is missing
 * (sumdb.Client.Lookup). Throws RondoError E_BAD_CONTENT when a record contradicts itself.
 */
export function recordHashes(
  record: ChecksumRecord,
  module: string,
  version: string,
): RecordHashes | undefined {
  const zip = onlyHash(record, `${module} ${version} h1:`);
  const mod = onlyHash(record, `${module} ${version}/go.mod h1:`);
  return zip === undefined || mod === undefined ? undefined : { mod, zip };
}

function onlyHash(record: ChecksumRecord, prefix: string): string | undefined {
  const hashes = new Set(
    record.lines.filter((line) => line.startsWith(prefix)).map((line) => `h1:${line.slice(prefix.length)}`),
  );
  if (hashes.size > 1) throw malformed(say('it has two hashes for one file'));
  const [hash] = hashes;
  return hash;
}

function malformed(why: Text): RondoError {
  return new RondoError('E_BAD_CONTENT', say('malformed checksum database record: {why}', { why }));
}
