import { execFileSync } from 'node:child_process';

/** Makes a named pipe that nobody writes: whoever opens it to read waits. */
export function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}
