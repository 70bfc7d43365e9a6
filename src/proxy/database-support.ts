import { recordName } from '../gomod/store-key.ts';
import type { SumdbFile } from '../gomod/module-file.ts';
import { readAnswer, writeAnswer } from './answer-record.ts';
import type { ProxyContext } from './context.ts';
import type { FlightPlan, Judgement } from './flight-plan.ts';
import type { Reply } from './reply.ts';
import type { ClientRequest } from './request.ts';

type SupportContext = Pick<ProxyContext, 'store' | 'flights' | 'settings' | 'clock' | 'emit'>;

/**
 * Whether some mirror serves a database. Once one has, it is served for good: the copy has a part of it, the
 * mirrors the rest, and go has bound itself to this proxy for it.
 */
export async function whoSupports(
  file: Extract<SumdbFile, { kind: 'sumdb-supported' }>,
  request: ClientRequest,
  context: SupportContext,
): Promise<Reply['cache'] | undefined> {
  const { found } = await readAnswer(file, context);
  if (found !== undefined) return context.settings.offline ? 'offline' : 'hit';
  if (context.settings.offline || !request.fetchAllowed) return undefined;
  const plan: FlightPlan = {
    file,
    key: recordName(file),
    streams: false,
    patient: true,
    judge: async (spool) => judgeSupported(await spool.read(0, spool.sizeBytes)),
    keep: (_spool, mirror) => rememberSupport(file, mirror, context),
  };
  try {
    await context.flights.join(plan.key, () => plan, request.via).reader.bytes();
    return 'miss';
  } catch {
    return undefined;
  }
}

/** Writes down that a database is served, and who has shown it. */
export function rememberSupport(
  file: Extract<SumdbFile, { kind: 'sumdb-supported' }>,
  mirror: string,
  context: SupportContext,
): Promise<void> {
  return writeAnswer(file, { found: { text: '', mirror, atMs: context.clock.wallMs() } }, context);
}

/** The answer has no form of its own, but a page of HTML is none. */
function judgeSupported(bytes: Buffer): Judgement {
  return bytes.toString('utf8').trimStart().startsWith('<')
    ? { kind: 'unusable', why: 'a page of HTML' }
    : { kind: 'right' };
}
