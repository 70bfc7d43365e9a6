import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configUser } from '../../test/support/config-user.ts';
import { messageOf } from '../errors/rondo-error.ts';
import { configJson, configValues, renderConfig } from './show-config.ts';

const GOPROXY = 'https://a.example';

test('a key in the query of where traces are sent is shown nowhere', async (t) => {
  const { load } = await configUser(t);
  for (const variable of ['RONDO_TELEMETRY_TRACES', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    const url = 'https://otlp.example/v1/traces?apikey=hunter2';
    const config = await load({ env: { GOPROXY, [variable]: url } });
    assert.equal(config.telemetry.traces, url);
    const shown = renderConfig(config, { origins: true });
    assert.match(shown, /^;traces = +; set, and not shown/m);
    for (const text of [shown, JSON.stringify(configJson(config)), JSON.stringify(configValues(config))])
      assert.doesNotMatch(text, /hunter2/);
  }
});

test('one without a query is shown', async (t) => {
  const { load } = await configUser(t);
  const url = 'https://otlp.example/v1/traces';
  const config = await load({ env: { GOPROXY, RONDO_TELEMETRY_TRACES: url } });
  assert.match(renderConfig(config, { origins: false }), /^traces = https:\/\/otlp\.example\/v1\/traces$/m);
});

test('nor has the refusal of a wrong one its query', async (t) => {
  const { load } = await configUser(t);
  const env = { GOPROXY, RONDO_TELEMETRY_TRACES: 'otlp.example/v1/traces?apikey=hunter2' };
  await assert.rejects(
    () => load({ env }),
    (error) => {
      assert.match(messageOf(error), /^RONDO_TELEMETRY_TRACES = .* must be an http or https URL/);
      assert.doesNotMatch(messageOf(error), /hunter2/);
      return true;
    },
  );
});
