import { recordName } from '../gomod/store-key.ts';
import type { ModuleWord } from './remove-versions.ts';
import type { CopyWork } from './work.ts';

/** What was forgotten of a module, or of one query of it. */
export type Purge = ModuleWord & { readonly answers: number };

type PurgeWork = Pick<CopyWork, 'store' | 'signal'>;

/**
 * Forgets the mirrors' last answers to questions whose answer may change, so that the next one asks them again: the
 * list, `@latest` and all queries of a module, or the one query that `version` is. Files stay.
 */
export async function purgeAnswers(words: readonly ModuleWord[], work: PurgeWork): Promise<Purge[]> {
  const purges: Purge[] = [];
  for (const word of words) {
    work.signal.throwIfAborted();
    purges.push({ ...word, answers: await purgeOne(word, work) });
  }
  return purges;
}

async function purgeOne({ module, version }: ModuleWord, { store }: PurgeWork): Promise<number> {
  const list = recordName({ kind: 'list', module });
  const folder = list.slice(0, list.lastIndexOf('/'));
  const held = await store.recordNames(folder);
  // `latest` is a question of its own (`/@latest`), everything else is one by its name.
  const asked =
    version === 'latest'
      ? recordName({ kind: 'latest', module })
      : version === undefined
        ? undefined
        : recordName({ kind: 'query', module, query: version });
  const names = held.filter((name) => asked === undefined || name === asked);
  for (const name of names) await store.removeRecord(name);
  return names.length;
}
