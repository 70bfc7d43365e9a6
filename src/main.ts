import { main } from './cli/program.ts';

/** How long what a command has left open may keep the process alive: nothing should, but a hang would be worse. */
const GRACE_MS = 2000;

// Set, not forced by process.exit: what was written to a pipe must get there.
process.exitCode = await main(process.argv.slice(2));
setTimeout(() => process.exit(), GRACE_MS).unref();
