/** The program of a mirror process: it obeys the calls of mirror-process.ts and ends with its parent. */
import type { MirrorCall, MirrorCallMessage, MirrorCallResult } from './mirror-call.ts';
import { fromPortable } from './mirror-call.ts';
import { createMirrorServer, type Mirror, type MirrorOptions } from './mirror-server.ts';

let mirror: Mirror | undefined;

process.on('disconnect', () => process.exit());
// A Ctrl-C at the terminal reaches the whole group: the parent decides when its mirrors end.
process.on('SIGINT', () => {});
process.on('message', (message: MirrorCallMessage) => {
  obey(message.call).then(
    (result) => reply({ id: message.id, ...result }),
    (error: unknown) => reply({ id: message.id, error: String(error) }),
  );
});

function reply(result: MirrorCallResult): void {
  process.send?.(result);
}

async function obey(call: MirrorCall): Promise<Omit<MirrorCallResult, 'id'>> {
  if (call.call === 'start') {
    mirror = await createMirrorServer(fromPortable<MirrorOptions>(call.options));
    return { started: { url: mirror.url, port: mirror.port } };
  }
  if (mirror === undefined) throw new Error(`${call.call} before start`);
  switch (call.call) {
    case 'set-fault':
      await mirror.setFault(call.fault, call.scope);
      return {};
    case 'clear-faults':
      await mirror.clearFaults();
      return {};
    case 'requests':
      return { requests: await mirror.requests() };
    case 'reset-log':
      await mirror.resetLog();
      return {};
    case 'publish':
      await mirror.publish(fromPortable(call.world));
      return {};
  }
}
