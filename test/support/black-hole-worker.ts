/** Listens, tells its port, and never runs again: the kernel takes a few connections, then drops all others. */
import { createServer, type AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const server = createServer();
const { host, port } = workerData as { host: string; port: number };
server.listen({ port, host, backlog: 1 }, () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
