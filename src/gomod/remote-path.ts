import { escapePath, escapeQuery, escapeVersion } from './escape.ts';
import type { RemoteFile } from './module-file.ts';
import { percentEncodePath } from './percent-encoding.ts';

/**
 * The path of `file` below a mirror's base URL, beginning with `/`, escaped and percent-encoded exactly as
 * the go command sends it, so that no mirror sees a spelling it has not seen before: `!` is `%21` in
 * module paths (modfetch.proxyRepo.getBody) and stays bare below `/sumdb/` (modfetch.dbClient.ReadRemote).
 * Throws RondoError E_BAD_NAME for names that did not come from parseRoute.
 */
export function remotePath(file: RemoteFile): string {
  switch (file.kind) {
    case 'list':
      return modulePath(file.module, '@v/list');
    case 'latest':
      return modulePath(file.module, '@latest');
    case 'query':
      return modulePath(file.module, `@v/${escapeQuery(file.query)}.info`);
    case 'info':
    case 'mod':
    case 'zip':
      return modulePath(file.module, `@v/${escapeVersion(file.version)}.${file.kind}`);
    case 'sumdb-supported':
      return `/sumdb/${file.db}/supported`;
    case 'sumdb-latest':
      return `/sumdb/${file.db}/latest`;
    case 'sumdb-lookup':
      return `/sumdb/${file.db}/lookup/${escapePath(file.module)}@${escapeVersion(file.version)}`;
    case 'sumdb-tile':
      return `/sumdb/${file.db}/${file.path}`;
  }
}

function modulePath(module: string, rest: string): string {
  return percentEncodePath(`/${escapePath(module)}/${rest}`);
}
