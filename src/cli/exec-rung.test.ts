import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandContext } from '../../test/support/cli-context.ts';
import { configUser } from '../../test/support/config-user.ts';
import { tempFolder, tempProject } from '../../test/support/temp-folder.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { render } from '../words/render.ts';
import { workingRung } from './exec-rung.ts';

test('a go that never ends keeps nobody from the exit code of what has failed', async (t) => {
  const bin = await tempFolder(t, 'bin');
  // Only a signal ends it.
  const script = `#!/bin/sh\nwhile :; do sleep 0.05; done\n`;
  await writeFile(join(bin, 'go'), script, { mode: 0o755 });
  const cwd = await tempProject(t, { 'go.mod': 'module example.com/m\n', 'vendor/modules.txt': '' });
  await mkdir(join(cwd, 'home'));
  const { load } = await configUser(t);
  const config = await load();
  const clock = new VirtualClock();
  const env = { PATH: `${bin}:/usr/bin:/bin` };
  const { context } = commandContext({ env, cwd, home: join(cwd, 'home') });
  const asked = workingRung(['go', 'build', './...'], config, {}, { ...context, clock });
  let over = false;
  void asked.finally(() => (over = true));
  await clock.advance(29_000);
  assert.equal(over, false);
  await clock.advance(2000);
  assert.equal(render(await asked), 'nothing upstream answered; to see what is wrong: rondo doctor');
});

test('the vendor folder lies beside the go.work or go.mod that counts', async (t) => {
  const bin = await tempFolder(t, 'bin');
  await writeFile(join(bin, 'go'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const root = await tempProject(t, {
    'go.work': 'go 1.22\n\nuse ./one\n',
    'vendor/modules.txt': '## workspace\n',
    'one/go.mod': 'module example.com/one\n',
  });
  await mkdir(join(root, 'home'));
  const { load } = await configUser(t);
  const config = await load();
  const rung = async (folder: string, GOWORK?: string): Promise<string> => {
    const env = { PATH: `${bin}:/usr/bin:/bin`, ...(GOWORK === undefined ? {} : { GOWORK }) };
    const { context } = commandContext({ env, cwd: join(root, folder), home: join(root, 'home') });
    return render(await workingRung(['go', 'build', './...'], config, {}, context));
  };
  const vendored =
    /^nothing upstream answered, and go takes the vendor folder as it is: go build -mod=vendor /;
  assert.match(await rung('one'), vendored);
  assert.doesNotMatch(await rung('one', 'off'), vendored);
  const elsewhere = await tempFolder(t, 'elsewhere');
  await writeFile(join(elsewhere, 'go.mod'), 'module example.com/m\n');
  const { context } = commandContext({
    env: { PATH: `${bin}:/usr/bin:/bin`, GOWORK: join(root, 'go.work') },
    cwd: elsewhere,
    home: join(root, 'home'),
  });
  assert.match(render(await workingRung(['go', 'build', './...'], config, {}, context)), vendored);
});
