import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { configJson, renderConfig } from './show-config.ts';

const GOPROXY = 'https://a.example';
const ENDPOINT = 'http://127.0.0.1:4318';

test("OpenTelemetry's variables count where nothing of Rondo's own does", async (t) => {
  const { load, write } = await configUser(t);
  const told = async (env: Readonly<Record<string, string>>): Promise<unknown[]> => {
    const { telemetry, origins } = await load({ env: { GOPROXY, ...env } });
    return [telemetry.traces, telemetry.sample, telemetry.service, origins.get('telemetry.traces')];
  };
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT };
  const origin = 'environment OTEL_EXPORTER_OTLP_ENDPOINT';
  const traces = `${ENDPOINT}/v1/traces`;
  assert.deepEqual(await told({}), [undefined, 1, 'rondo', undefined]);
  assert.deepEqual(await told(base), [traces, 1, 'rondo', origin]);
  assert.deepEqual(await told({ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/` }), [traces, 1, 'rondo', origin]);
  const own = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/x' };
  assert.equal((await told(own))[0], 'http://127.0.0.1:1/x');
  assert.equal((await told({ ...own, RONDO_TELEMETRY_TRACES: traces }))[0], traces);
  const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
  assert.deepEqual(await told({ ...base, ...sampler, OTEL_SERVICE_NAME: 's' }), [traces, 0.25, 's', origin]);
  assert.equal((await told({ ...base, OTEL_TRACES_SAMPLER: 'always_off' }))[1], 0);
  const decides = async (name: string): Promise<string> =>
    (await load({ env: { GOPROXY, ...base, OTEL_TRACES_SAMPLER: name } })).telemetry.sampledByClient;
  assert.deepEqual(
    [await decides('always_on'), await decides('parentbased_always_on'), await decides('')],
    ['never', 'always', 'never'],
  );
  for (const off of [
    { OTEL_SDK_DISABLED: 'TRUE' },
    { OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  ]) {
    assert.equal((await told({ ...base, ...off }))[0], undefined);
  }
  await write('.config/rondo/.goproxy', `[telemetry]\nservice = from-a-file\n`);
  assert.equal((await told(base))[2], 'from-a-file');
});

test('headers come from a variable or a file, and are shown nowhere', async (t) => {
  const { load, write } = await configUser(t);
  const env = { GOPROXY, RONDO_TELEMETRY_TRACES: `${ENDPOINT}/v1/traces` };
  const config = await load({
    env: { ...env, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hush, x-team=a=b' },
  });
  assert.deepEqual(config.telemetryHeaders, { authorization: 'Bearer hush', 'x-team': 'a=b' });
  const shown = renderConfig(config, { origins: true }) + JSON.stringify(configJson(config));
  assert.match(shown, /headers_env = OTEL_EXPORTER_OTLP_HEADERS/);
  assert.doesNotMatch(shown, /hush/);
  const file = await write('secret', 'x-key=1\n');
  const named = await load({ env: { ...env, RONDO_TELEMETRY_HEADERS_FILE: file } });
  assert.deepEqual(named.telemetryHeaders, { 'x-key': '1' });
  const wrong: [Readonly<Record<string, string>>, RegExp][] = [
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'hush' }, /holds something that is no name=value$/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a b=hush' }, /holds something/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=hush%0d%0a' }, /holds something/],
    [{ RONDO_TELEMETRY_HEADERS_ENV: 'NOT_THERE' }, /the variable NOT_THERE is not set$/],
    [{ RONDO_TELEMETRY_HEADERS_FILE: `${file}.not` }, /cannot read/],
  ];
  for (const [changes, message] of wrong) {
    await assert.rejects(load({ env: { ...env, ...changes } }), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /hush/);
      return true;
    });
  }
});
