import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedDoctor } from './shared-doctor.ts';

test('whoever asks the doctor while it looks, in the same language, is told the same; its end ends all', async () => {
  const looks: string[] = [];
  const { doctor, end } = sharedDoctor((language, signal) => {
    looks.push(language);
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const asked = [doctor('en'), doctor('en'), doctor('zh'), doctor('en')];
  assert.deepEqual(looks, ['en', 'zh']);
  end();
  for (const each of asked) await assert.rejects(each, /Rondo is shutting down/);
});
