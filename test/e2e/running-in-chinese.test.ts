import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startMeasuredMirror } from '../support/measured-mirror.ts';
import { reservePort } from '../support/reserved-port.ts';
import { runRondo, startRondo, stranger, type RondoOptions } from './rondo-command.ts';

/** A user who speaks Chinese, with a mirror that works and one that is dead. */
async function user(t: TestContext): Promise<RondoOptions> {
  const { env, home } = await stranger(t);
  const dead = await reservePort();
  t.after(async () => dead.release());
  const good = (await startMeasuredMirror(t)).url.origin;
  const goproxy = `http://127.0.0.1:${dead.port},${good},direct`;
  return { env: { ...env, LANG: 'zh_CN.UTF-8', GOPROXY: goproxy, RONDO_TYPO: '1' }, cwd: home };
}

/** Every line has something of the language. */
function assertChinese(text: string): void {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  assert.ok(lines.length > 0);
  for (const line of lines) assert.match(line, /\p{Script=Han}/u);
}

test('every line of init, mirrors, exec and config for people is in their language', async (t) => {
  const options = await user(t);
  await writeFile(
    join(options.cwd, 'bad'),
    'proxy = goproxy.cn\n[cache]\nmax_size = large\n[server]\nlisten = x\n',
  );
  for (const words of [
    ['init', '--yes', '--chain-only'],
    ['mirrors', '--port', '1'],
    ['exec', '--', 'sh', '-c', 'exit 1'],
    ['exec', '--', 'no-such-command'],
    ['config', 'check', 'bad'],
    ['config', 'trust'],
    ['mirrors', 'drain', 'nobody', '--port', '1'],
  ]) {
    await t.test(words.join(' '), async () => assertChinese((await runRondo(t, words, options)).stderr));
  }
});

test('and of serve, from its banner to its end; its stdout is the line to paste alone', async (t) => {
  const rondo = startRondo(t, ['serve', '--port', '0', '--host', '0.0.0.0'], await user(t));
  await rondo.written(/粘贴/);
  rondo.child.kill('SIGTERM');
  assert.equal(await rondo.ended, 0);
  // The address and the folder of the copy are the same in every language, and the words before them are not.
  assertChinese(rondo.stderr().replace(/^rondo \S+，/m, ''));
  assert.match(rondo.stdout(), /^go env -w GOPROXY=\S+\n$/);
});
