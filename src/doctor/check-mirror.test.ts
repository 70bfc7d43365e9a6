import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../balance/outcome.ts';
import { tableOf } from '../words/language.ts';
import { render } from '../words/render.ts';
import { checkMirror, type MirrorBounds, type MirrorFacts, type RightSample } from './check-mirror.ts';

const NOW = Date.UTC(2026, 0, 2);
const DAY = 86_400_000;
const OK: Outcome = { class: 'ok', cause: 'ok', status: 200, detail: '200 OK' };

const CERTIFICATE = {
  subject: 'goproxy.example.com',
  issuer: 'An Authority',
  names: ['goproxy.example.com'],
  validFromMs: NOW - 30 * DAY,
  validUntilMs: NOW + 60 * DAY,
  chain: ['An Authority', 'A Root'],
  rootFingerprint: 'AA:BB',
  untrusted: undefined,
};

const WELL: MirrorFacts = {
  name: 'example',
  host: 'goproxy.example.com',
  isWellKnown: true,
  names: { kind: 'addresses', addresses: [{ address: '198.51.100.7', isPublic: true }] },
  hostsLine: undefined,
  certificate: CERTIFICATE,
  rootIsPublic: true,
  outcome: OK,
  hops: [],
  sample: { bytes: 4_000_000, ms: 1000, h1: 'h1:right' },
  syncedAtMs: NOW - 60_000,
};
const BOUNDS: MirrorBounds = {
  wallMs: NOW,
  bestRate: 4_000_000,
  right: { name: 'example.com/m@v1.0.0', h1: 'h1:right', by: 'database' },
  hasOthers: true,
};

const http = (cause: Outcome['cause'], detail = cause): Outcome => ({ class: 'http', cause, detail });
const untrusted = (code: string): Partial<MirrorFacts> => ({
  certificate: { ...CERTIFICATE, untrusted: code },
  outcome: http('certificate'),
  sample: undefined,
});

test('a healthy mirror has no finding at all', () => {
  assert.deepEqual(checkMirror(WELL, BOUNDS), []);
  const bare = {
    ...WELL,
    certificate: undefined,
    rootIsPublic: undefined,
    sample: undefined,
    syncedAtMs: undefined,
  };
  assert.deepEqual(
    checkMirror({ ...bare, outcome: { class: 'neutral', cause: 'not-found', detail: '404' } }, BOUNDS),
    [],
  );
});

test('each thing that may be wrong has its own name', () => {
  const inside = { kind: 'addresses', addresses: [{ address: '10.0.0.1', isPublic: false }] } as const;
  const table: [string, Partial<MirrorFacts>, string[]][] = [
    ['expired', untrusted('CERT_HAS_EXPIRED'), ['mirror.certificate.expired']],
    ['not yet valid', untrusted('CERT_NOT_YET_VALID'), ['mirror.certificate.not-yet-valid']],
    ['wrong name', untrusted('ERR_TLS_CERT_ALTNAME_INVALID'), ['mirror.certificate.other-name']],
    ['self-signed', untrusted('DEPTH_ZERO_SELF_SIGNED_CERT'), ['mirror.certificate.self-signed']],
    ['unknown issuer', untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), ['mirror.certificate.untrusted']],
    ['opened on the way', { rootIsPublic: false }, ['mirror.certificate.issuer']],
    ['ends soon', { certificate: { ...CERTIFICATE, validUntilMs: NOW + DAY } }, ['mirror.certificate.soon']],
    [
      'no such name',
      { names: { kind: 'failed', why: 'ENOTFOUND' }, outcome: http('dns'), certificate: undefined },
      ['mirror.dns'],
    ],
    ['private address', { names: inside }, ['mirror.private-address']],
    [
      'hosts file',
      { names: inside, hostsLine: '/etc/hosts:3: 10.0.0.1 goproxy.example.com' },
      ['mirror.hosts-file'],
    ],
    ['a mirror of this network', { names: inside, isWellKnown: false, rootIsPublic: false }, []],
    ['refused', { outcome: http('connect-refused') }, ['mirror.connect-refused']],
    ['black hole', { outcome: http('connect-timeout') }, ['mirror.connect-timeout']],
    ['captive portal', { outcome: http('captive-portal') }, ['mirror.captive-portal']],
    ['redirect loop', { outcome: http('bad-redirect') }, ['mirror.bad-redirect']],
    [
      '429',
      { outcome: { class: 'rate-limited', cause: 'rate-limited', detail: '429' } },
      ['mirror.rate-limited'],
    ],
    ['503 of a CDN', { outcome: http('cdn-origin') }, ['mirror.cdn-origin']],
    ['503 maintenance', { outcome: http('overload') }, ['mirror.overload']],
    ['502', { outcome: http('back-end-down') }, ['mirror.back-end-down']],
    ['stale by 10 minutes', { syncedAtMs: NOW - 600_000 }, ['mirror.stale']],
    ['throttled', { sample: { bytes: 60_000, ms: 1000, h1: undefined } }, ['mirror.throttled']],
    ['a trickle', { sample: { bytes: 392, ms: 5000, h1: undefined } }, ['mirror.throttled']],
    ['too little to tell', { sample: { bytes: 392, ms: 90, h1: 'h1:right' } }, []],
    ['enough to tell', { sample: { bytes: 65_536, ms: 900, h1: 'h1:right' } }, ['mirror.throttled']],
    ['as slow as everybody', { sample: { bytes: 2_000_000, ms: 1000, h1: undefined } }, []],
    ['another file', { sample: { bytes: 4_000_000, ms: 1000, h1: 'h1:other' } }, ['mirror.wrong-content']],
  ];
  for (const [name, facts, ids] of table) {
    const findings = checkMirror({ ...WELL, ...facts }, BOUNDS);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ids,
      name,
    );
    for (const { what, evidence, fix } of findings) {
      assert.match(render(what), /^example: \S/);
      assert.ok(evidence.length > 0 && fix !== undefined, name);
    }
  }
});

test('the evidence of a status has the headers that tell what stands between', () => {
  const hops = [
    {
      url: 'https://goproxy.example.com/x',
      status: 503,
      address: '198.51.100.7',
      headers: { 'x-cache': 'MISS', via: '1.1 cdn', date: 'now' },
    },
  ];
  const [finding] = checkMirror(
    { ...WELL, outcome: http('cdn-origin', 'the detail' as never), hops },
    BOUNDS,
  );
  assert.equal(
    render(finding?.evidence[1] ?? ''),
    '503 from https://goproxy.example.com/x (198.51.100.7): via 1.1 cdn; x-cache MISS',
  );
});

test('a circle of redirects is told once, with how much more of it there was', () => {
  const hop = { url: 'https://a.example/x', status: 302, address: '', headers: { location: '/x' } };
  const [finding] = checkMirror(
    {
      ...WELL,
      outcome: http('bad-redirect', 'stopped after 10 redirects' as never),
      hops: Array.from({ length: 11 }, () => hop),
    },
    BOUNDS,
  );
  assert.deepEqual(
    finding?.evidence.map((each) => render(each)),
    ['stopped after 10 redirects', '302 from https://a.example/x: location /x', '… 10 more lines'],
  );
});

test('who says what the sample ought to be is said, and only the database condemns a mirror', () => {
  const sample = { bytes: 400_000, ms: 100, h1: 'h1:other' };
  const said = (by: RightSample['by']): string[] =>
    checkMirror(
      { ...WELL, sample },
      { ...BOUNDS, right: { name: 'example.com/m@v1.0.0', h1: 'h1:right', by } },
    ).flatMap(({ what, evidence, fix = '' }) => [what, ...evidence, fix].map((each) => render(each)));
  assert.deepEqual(said('database'), [
    `${WELL.name}: it has another file than the checksum database knows`,
    'it has h1:other',
    'the right one is h1:right',
    'take it out of the chain, and tell whoever runs it',
  ]);
  assert.deepEqual(said('go.sum'), [
    `${WELL.name}: it has another file for example.com/m@v1.0.0 than go.sum of this project`,
    'it has h1:other',
    'go.sum has h1:right',
    'rondo why example.com/m@v1.0.0',
  ]);
  assert.deepEqual(said('mirrors'), [
    `${WELL.name}: it has another file for example.com/m@v1.0.0 than most mirrors`,
    'it has h1:other',
    'most have h1:right',
    'rondo why example.com/m@v1.0.0',
  ]);
});

test('nobody is said to be asked meanwhile where there is one mirror alone', () => {
  const causes = ['connect-refused', 'bad-redirect', 'overload', 'reset'] as const;
  const fixesOf = (hasOthers: boolean): string[] =>
    causes.flatMap((cause) =>
      checkMirror({ ...WELL, outcome: http(cause) }, { ...BOUNDS, hasOthers }).map(({ fix }) =>
        render(fix ?? ''),
      ),
    );
  for (const fix of fixesOf(true)) assert.match(fix, /; Rondo asks the others meanwhile$/);
  for (const fix of fixesOf(false)) assert.match(fix, /; to add other mirrors: rondo init$/);
});

test('what was seen of a failure is told in Chinese too', async () => {
  const zh = await tableOf('zh');
  const details = [
    ['200 OK, but a web page', '200 OK，但内容是网页'],
    ['no answer within 10 s', '10 秒内没有应答'],
    ['503 Service Unavailable, retry after 30 s', '503 Service Unavailable，请在 30 秒后重试'],
    ['connection refused (ECONNREFUSED 127.0.0.1:1)', '连接被拒绝（ECONNREFUSED 127.0.0.1:1）'],
  ] as const;
  for (const [detail, said] of details) {
    const [finding] = checkMirror({ ...WELL, outcome: http('overload', detail as never) }, BOUNDS);
    assert.equal(render(finding?.evidence[0] ?? '', zh), said);
    assert.equal(render(finding?.evidence[0] ?? ''), detail);
  }
});
