#!/usr/bin/env node
// The entry in a checkout and in the package. Old syntax on purpose: an old Node must be able to read
// this file, to find a newer one or to say what is needed.
import { existsSync, readFileSync, realpathSync } from 'fs';
import * as nodeModule from 'module';
import { constants, homedir } from 'os';
import { dirname, isAbsolute, join } from 'path';
import { fileURLToPath } from 'url';

const NEEDED = 24;
const USAGE = 2;
/** Set for the Node that `runWithin` starts, and for nobody else: others may have a channel of their own to who starts them. */
const WITHIN = '_RONDO_WITHIN';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  printVersion();
} else {
  goBackToCaller();
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) runHere();
  else runWith(findNode());
}

/** As src/cli/program.ts does, without it: loading the program takes longer than all the rest. */
function printVersion() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write('rondo ' + manifest.version + '\n');
}

/** `npm start` and `npm run rondo` work in the package's folder: the user is in another. */
function goBackToCaller() {
  const script = process.env.npm_lifecycle_event;
  const caller = process.env.INIT_CWD;
  if (!caller || (script !== 'rondo' && script !== 'start')) return;
  try {
    // A command below it that inherits these variables is elsewhere on purpose.
    if (realpathSync(process.cwd()) === realpathSync(root)) process.chdir(caller);
  } catch {
    // The folder is gone: stay.
  }
}

function runHere() {
  if (process.env[WITHIN]) endWithLauncher();
  const source = join(root, 'src', 'main.ts');
  const isCheckout = existsSync(source);
  if (!isCheckout) keepCompiled();
  import(new URL(isCheckout ? '../src/main.ts' : '../dist/rondo.js', import.meta.url)).catch((error) => {
    const missing = error && error.code === 'ERR_MODULE_NOT_FOUND';
    if (missing && isCheckout && !existsSync(join(root, 'node_modules')))
      fail('run `npm ci` in ' + root + ' first');
    process.stderr.write((error && error.stack ? error.stack : String(error)) + '\n');
    process.exitCode = 70;
  });
}

/** Who ends the launcher means the program, also by a signal that nobody can pass on. The channel keeps nobody alive. */
function endWithLauncher() {
  delete process.env[WITHIN];
  const stop = () => process.emit('SIGTERM', 'SIGTERM') || process.kill(process.pid, 'SIGTERM');
  if (!process.connected) return stop();
  process.once('disconnect', stop);
  process.channel.unref();
}

/** Has Node keep the compiled program from one start to the next. Where that does not work, it starts more slowly. */
function keepCompiled() {
  try {
    nodeModule.enableCompileCache(compiledFolder());
  } catch {
    // A user without a home.
  }
}

/**
 * The user's own folder (the rules are those of src/host/user-folders.ts), unless NODE_COMPILE_CACHE says another.
 * Not Node's default below the machine's temporary folder: what lies there somebody else may have put there, and it
 * would be run.
 */
function compiledFolder() {
  const env = process.env;
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'rondo', 'compiled');
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME))
    return join(env.XDG_CACHE_HOME, 'rondo', 'compiled');
  const caches = process.platform === 'darwin' ? join('Library', 'Caches') : '.cache';
  return join(env.HOME || homedir(), caches, 'rondo', 'compiled');
}

/** The Node of the npm package `node`, which a checkout has among its development dependencies. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const places = [join(root, 'node_modules', '.bin', name), join(root, 'node_modules', 'node', 'bin', name)];
  return places.find((place) => existsSync(place));
}

function runWith(node) {
  const needed = 'Rondo needs Node.js ' + NEEDED + ' or newer, and this is ' + process.version;
  if (node === undefined)
    fail(
      needed +
        (existsSync(join(root, 'src')) ? ': install one, or run `npm ci` in ' + root : ': install one'),
    );
  // Loaded when it is needed: few have an old Node.
  void import('child_process').then((childProcess) => runWithin(childProcess.spawn, node, needed));
}

function runWithin(spawn, node, needed) {
  const child = spawn(node, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), {
    // Its end is what the other one hears of when this one is gone.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({}, process.env, { [WITHIN]: '1' }),
  });
  const signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => process.on(signal, () => child.kill(signal)));
  child.on('error', (error) => fail(needed + ', and ' + node + ' does not run: ' + error.message));
  child.on('exit', (code, signal) =>
    process.exit(code === null ? 128 + (constants.signals[signal] || 0) : code),
  );
}

function fail(message) {
  process.stderr.write('error: ' + message + '\n');
  process.exit(USAGE);
}
