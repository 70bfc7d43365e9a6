import '../support/loopback-only.ts';
import { testWith } from '../support/requirements.ts';
import { getBesideHang } from './suite/builds.ts';

await testWith(['go'], 'go get M/sub where two mirrors answer 404 for it and one hangs', async (t) => {
  const times = [await getBesideHang(), await getBesideHang(), await getBesideHang()];
  const told = times.map((ms) => Math.round(ms)).join(', ');
  t.diagnostic(`figures: go get M/sub beside a hanging mirror, in real time: ${told} ms`);
});
