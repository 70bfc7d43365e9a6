import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'trusted.json';

const FILE_SHAPE = z.object({
  version: z.literal(1),
  /** SHA-256 of a file's content, in hexadecimal, and the path it was trusted at (for people). */
  files: z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string()),
});

/**
 * Whether the user has trusted a project's file with this content (`rondo config trust` writes the list).
 * Nothing is trusted if the list is absent, or is not ours.
 */
export async function loadTrust(stateDir: string): Promise<(hash: string) => boolean> {
  const content = await readFile(join(stateDir, FILE), 'utf8').catch(() => '{}');
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    json = undefined;
  }
  const parsed = FILE_SHAPE.safeParse(json);
  const trusted = new Set(parsed.success ? Object.keys(parsed.data.files) : []);
  return (hash) => trusted.has(hash);
}
