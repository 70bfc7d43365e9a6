import { readFile } from 'node:fs/promises';

/**
 * How many of the sockets of a process go to one of these TCP ports, as its kernel tells it (/proc/PID/net/tcp, proc(5)).
 * `paths` are the targets of its open files.
 */
export async function socketsTo(
  pid: number,
  paths: readonly string[],
  ports: ReadonlySet<number>,
): Promise<number> {
  const inodes = new Set(paths.flatMap((path) => /^socket:\[(\d+)\]$/.exec(path)?.[1] ?? []));
  const tables = await Promise.all([
    readFile(`/proc/${pid}/net/tcp`, 'utf8'),
    readFile(`/proc/${pid}/net/tcp6`, 'utf8').catch(() => ''),
  ]);
  return tables
    .flatMap((table) => parseTcpTable(table))
    .filter(({ inode, remotePort }) => ports.has(remotePort) && inodes.has(inode)).length;
}

/** The lines of /proc/net/tcp or tcp6; what is no such line is left out. Pure. */
export function parseTcpTable(table: string): { remotePort: number; inode: string }[] {
  return table.split('\n').flatMap((line) => {
    const [, , remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
    const [, port] = /^[0-9A-F]+:([0-9A-F]{4})$/.exec(remote) ?? [];
    return port === undefined || !/^\d+$/.test(inode)
      ? []
      : [{ remotePort: Number.parseInt(port, 16), inode }];
  });
}
