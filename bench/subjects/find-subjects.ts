import type { SubjectSearch } from '../frame/types.ts';
import { ATHENS } from './athens.ts';
import type { Finder } from './finder.ts';
import { GOPROXY } from './goproxy.ts';
import { GOPROXYIO } from './goproxyio.ts';
import { NGINX } from './nginx.ts';

/** Whom the cases measure Rondo beside. */
const PEERS: readonly Finder[] = [GOPROXY, GOPROXYIO, ATHENS, NGINX];

/** Looks for peers on PATH and in the environment. Nothing is built or installed. */
export function findPeers(
  env: Readonly<Record<string, string | undefined>>,
  peers: readonly Finder[] = PEERS,
): Promise<SubjectSearch[]> {
  const search = async ({ name, label, find }: Finder): Promise<SubjectSearch> => {
    const found = await find(env);
    if ('missing' in found) return { state: 'missing', name, label, reason: found.missing };
    return { state: 'found', subject: found.subject };
  };
  return Promise.all(peers.map(search));
}
