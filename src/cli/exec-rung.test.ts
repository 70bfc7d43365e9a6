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
