import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { writeWhole } from '../host/write-whole.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { shellWord } from '../kit/shell-word.ts';
import { say, type Text } from '../words/text.ts';

/** A small JSON file of the user's state folder, `{ "version": …, … }`. */
export type StateKind<T extends object> = {
  /** `trusted.json`. */
  readonly name: string;
  /** For people: `list of trusted files`. */
  readonly words: Text | string;
  readonly version: number;
  /** What a document of this version says, without those of its elements that say nothing; undefined for none. Anybody may have written it. */
  readonly parse: (document: unknown) => T | undefined;
};

/** What is in such a file. */
export type StateFile<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'read'; readonly value: T }
  /** A newer Rondo's, most likely. */
  | { readonly kind: 'other-version' }
  | { readonly kind: 'unreadable'; readonly why: Text | string };

/** The file in the user's state folder. Never rejects. */
export async function readStateFile<T extends object>(
  stateDir: string,
  kind: StateKind<T>,
): Promise<StateFile<T>> {
  return parseState(await readText(join(stateDir, kind.name)), kind);
}

/** One line for people where a file is there that this Rondo does not use. */
export function stateWarning<T extends object>(
  stateDir: string,
  kind: StateKind<T>,
  found: StateFile<T>,
): Text | undefined {
  return found.kind === 'absent' || found.kind === 'read'
    ? undefined
    : say('{problem}: it is not used', { problem: problemOf(stateDir, kind, found) });
}

/**
 * Replaces the file by what `change` makes of it, unless that says the same; `before` is undefined where there is
 * none. Two processes that do so at the same time take turns. After a crash there is the old file or the new one.
 * Only the user can read it. Rejects as node:fs does; the old file is untouched then.
 * @throws RondoError E_CONFIG where the file that is there cannot be read or is another version's: it is never replaced
 */
export async function updateStateFile<T extends object>(
  stateDir: string,
  kind: StateKind<T>,
  change: (before: T | undefined) => T,
): Promise<void> {
  const path = join(stateDir, kind.name);
  const changed = async (): Promise<string | undefined> => {
    const text = await readText(path);
    const found = parseState(text, kind);
    if (found.kind === 'other-version' || found.kind === 'unreadable') {
      throw new RondoError('E_CONFIG', problemOf(stateDir, kind, found), {
        hint: say('move it away: mv {path} {value}', {
          path: shellWord(path),
          value: shellWord(`${path}.old`),
        }),
      });
    }
    const after = { version: kind.version, ...change(found.kind === 'read' ? found.value : undefined) };
    const afterText = `${JSON.stringify(after, undefined, 2)}\n`;
    return afterText === text ? undefined : afterText;
  };
  // What changes nothing, as most starts, needs no lock.
  if ((await changed()) === undefined) return;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await underLock(stateDir, async () => {
    const text = await changed();
    if (text !== undefined) await writeWhole(path, text, 0o600);
  });
}

function problemOf(
  stateDir: string,
  { name, words }: StateKind<object>,
  found: Extract<StateFile<unknown>, { kind: 'other-version' | 'unreadable' }>,
): Text {
  const why = found.kind === 'other-version' ? say("another version of Rondo's") : found.why;
  return say('{path} is not a {what} that this Rondo can read ({why})', {
    path: join(stateDir, name),
    what: words,
    why,
  });
}

/** The text of a file, undefined where there is none, or why it cannot be read. */
async function readText(path: string): Promise<string | undefined | Error> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parseState<T extends object>(
  text: string | undefined | Error,
  { version, parse }: StateKind<T>,
): StateFile<T> {
  if (text === undefined) return { kind: 'absent' };
  if (text instanceof Error) return { kind: 'unreadable', why: messageOf(text) };
  const document = parseJson(text);
  if (document === undefined) return { kind: 'unreadable', why: say('it is not JSON') };
  const isVersioned = typeof document === 'object' && document !== null && 'version' in document;
  if (isVersioned && document.version !== version) return { kind: 'other-version' };
  const value = isVersioned ? parse(document) : undefined;
  return value === undefined
    ? { kind: 'unreadable', why: say('it has another form') }
    : { kind: 'read', value };
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is done under the lock takes milliseconds: whoever waits longer than this waits for something broken. */
const LIMIT_MS = 5_000;

const turns = createInTurn();

/**
 * Runs `task` while no other process does, by the write lock of an otherwise empty SQLite file: the system takes it
 * away from a process that ends, however it ends. Where the file system knows no locks, `task` runs without.
 */
function underLock(folder: string, task: () => Promise<void>): Promise<void> {
  return turns.run(folder, async () => {
    // Only who writes needs it.
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder, 'lock'), { timeout: LIMIT_MS });
    try {
      try {
        database.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (isBusy(error)) throw error;
      }
      await task();
    } finally {
      database.close();
    }
  });
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
