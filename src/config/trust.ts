import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { writeStateFile } from './state-file.ts';

const FILE = 'trusted.json';

const FILE_SHAPE = z.object({
  version: z.literal(1),
  /** SHA-256 of a file's content, in hexadecimal, and the path it was trusted at (for people). */
  files: z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string()),
});

type TrustedFiles = Readonly<Record<string, string>>;

/** What trust in a file is remembered by: the SHA-256 of its content, in hexadecimal. */
export function trustHash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Whether the user has trusted a project's file with this content (`rondo config trust` writes the list).
 * Nothing is trusted if the list is absent, or is not ours.
 */
export async function loadTrust(stateDir: string): Promise<(hash: string) => boolean> {
  const content = await readFile(join(stateDir, FILE), 'utf8').catch(() => '');
  const trusted = new Set(Object.keys(parseTrusted(content) ?? {}));
  return (hash) => trusted.has(hash);
}

/**
 * Remembers that the user trusts the content with this hash; `path` is where it stood, for people.
 * @throws RondoError E_CONFIG where the list is there but cannot be read or written: it may be a newer
 * Rondo's, so it is never replaced by an empty one.
 */
export async function rememberTrust(
  stateDir: string,
  trusted: { readonly path: string; readonly hash: string },
): Promise<void> {
  const file = join(stateDir, FILE);
  try {
    const before = parseTrusted(await readIfThere(file));
    if (before === undefined) {
      throw new RondoError('E_CONFIG', `${file} is not a list of trusted files that this Rondo can read`, {
        hint: `move it away: mv '${file}' '${file}.old'`,
      });
    }
    const files = { ...before, [trusted.hash]: trusted.path };
    await writeStateFile(file, `${JSON.stringify({ version: 1, files }, null, 2)}\n`);
  } catch (error) {
    if (error instanceof RondoError) throw error;
    throw new RondoError('E_CONFIG', `trust cannot be remembered: ${messageOf(error)}`, {
      hint: `make ${stateDir} a folder that you can write to`,
      cause: error,
    });
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return JSON.stringify({ version: 1, files: {} });
    }
    throw error;
  }
}

function parseTrusted(content: string): TrustedFiles | undefined {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return undefined;
  }
  const parsed = FILE_SHAPE.safeParse(json);
  return parsed.success ? parsed.data.files : undefined;
}
