import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toPortable, type MirrorCall, type MirrorCallMessage, type MirrorCallResult } from './mirror-call.ts';
import type { Mirror, MirrorOptions } from './mirror-server.ts';
import type { Cleanup } from './temp-folder.ts';

/** A mirror in a process of its own. */
export type MirrorProcess = Mirror & { readonly pid: number };

/**
 * Starts a scriptable mirror as a child process. It ends with `stop()`, with the test when `t` is given, and
 * with this process however that ends. The world is copied: what changes later needs `publish`.
 */
export async function startMirror(options: MirrorOptions, t?: Cleanup): Promise<MirrorProcess> {
  const program = fileURLToPath(new URL('mirror-child.ts', import.meta.url));
  const child = fork(program, { serialization: 'advanced', execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
  const calls = new Calls(child);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  t?.after(stop);
  const { started } = await calls.make({ call: 'start', options: toPortable(options) });
  if (started === undefined || child.pid === undefined) throw new Error('the mirror process did not start');
  return {
    name: options.name ?? 'mirror',
    ...started,
    pid: child.pid,
    setFault: async (fault, scope = {}) => void (await calls.make({ call: 'set-fault', fault, scope })),
    clearFaults: async () => void (await calls.make({ call: 'clear-faults' })),
    requests: async () => (await calls.make({ call: 'requests' })).requests ?? [],
    resetLog: async () => void (await calls.make({ call: 'reset-log' })),
    publish: async (world) => void (await calls.make({ call: 'publish', world: toPortable(world) })),
    stop,
  };
}

/** Calls under way to one child. The child keeps this process alive only while there are any. */
class Calls {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<MirrorCallResult>>();
  #count = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.unref();
    child.on('message', (result: MirrorCallResult) => this.#settle(result));
    child.on('exit', () => this.#abandon(new Error('the mirror process has ended')));
    child.on('error', (error) => this.#abandon(error));
    child.channel?.unref();
  }

  make(call: MirrorCall): Promise<MirrorCallResult> {
    if (!this.#child.connected) return Promise.reject(new Error('the mirror process has ended'));
    const id = ++this.#count;
    const waiting = Promise.withResolvers<MirrorCallResult>();
    this.#waiting.set(id, waiting);
    this.#child.channel?.ref();
    this.#child.send({ id, call } satisfies MirrorCallMessage);
    return waiting.promise;
  }

  #settle(result: MirrorCallResult): void {
    const waiting = this.#waiting.get(result.id);
    this.#waiting.delete(result.id);
    if (this.#waiting.size === 0) this.#child.channel?.unref();
    if (result.error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(result.error));
  }

  #abandon(error: Error): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
