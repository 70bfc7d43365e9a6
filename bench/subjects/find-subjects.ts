import type { SubjectSearch } from '../frame/types.ts';
import { ATHENS } from './athens.ts';
import { GOPROXY } from './goproxy.ts';
import { GOPROXYIO } from './goproxyio.ts';
import { NGINX } from './nginx.ts';

/** Looks for the peers on PATH and in the environment. Nothing is built or installed. */
export function findPeers(env: Readonly<Record<string, string | undefined>>): Promise<SubjectSearch[]> {
  const search = async ({ name, label, find }: typeof GOPROXY): Promise<SubjectSearch> => {
    const found = await find(env);
    if ('missing' in found) return { state: 'missing', name, label, reason: found.missing };
    return { state: 'found', subject: found.subject };
  };
  return Promise.all([GOPROXY, GOPROXYIO, ATHENS, NGINX].map(search));
}
