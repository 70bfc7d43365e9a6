import { parseInfo } from '../gomod/info.ts';
import type { ModuleFile } from '../gomod/module-file.ts';
import { isVersionList } from '../gomod/version-list.ts';
import { BodyError } from '../mirrors/answer.ts';
import type { ProxyContext } from './context.ts';
import { LIST_LIMITS, MAX_BYTES } from './settings.ts';

/** A second opinion is worth this wait. */
const OPINION_MS = 3000;

/**
 * The list, or `@latest`, of any other mirror than `mirror`; undefined where none gives one in time. Never rejects.
 */
export async function secondOpinion(
  file: Extract<ModuleFile, { kind: 'list' | 'latest' }>,
  mirror: string,
  via: string | undefined,
  { mirrors, clock, signal }: Pick<ProxyContext, 'mirrors' | 'clock' | 'signal'>,
): Promise<{ readonly text: string; readonly mirror: string } | undefined> {
  const question = {
    file,
    method: 'GET',
    maxBodyBytes: MAX_BYTES[file.kind],
    except: new Set([mirror]),
  } as const;
  const incoming = via === undefined ? {} : { via };
  try {
    const found = await mirrors.ask(
      { ...question, ...incoming, deadlineAtMs: clock.now() + OPINION_MS },
      signal,
    );
    const timer = clock.after(OPINION_MS, () => found.cancel());
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of found.body) chunks.push(chunk);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      found.settle({ kind: 'broken', outcome: error.outcome, bytes: 0 });
      return undefined;
    } finally {
      timer.cancel();
    }
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString('utf8');
    // Of a list nobody sees where it was cut; what is JSON is whole.
    const isWhole = file.kind !== 'list' || found.contentLength !== undefined || text.endsWith('\n');
    found.settle({ kind: 'complete', bytes: bytes.length });
    return isWhole && isUsable(file.kind, bytes, text) ? { text, mirror: found.mirror } : undefined;
  } catch {
    return undefined;
  }
}

/** Throws for what is no `@latest`. */
function isUsable(kind: 'list' | 'latest', bytes: Buffer, text: string): boolean {
  return kind === 'list' ? isVersionList(text, LIST_LIMITS) : parseInfo(bytes).version !== '';
}
