import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';
import fc from 'fast-check';
import { childTrace, inTrace, traceHeaders, traceOfRequest } from './trace-context.ts';
import type { TraceContext, TraceHeaders } from './trace-place.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const follows = (): boolean => true;

/** The place of a request, all of whose traces are sampled unless it is said otherwise. */
function placeOf(headers: TraceHeaders, share = 1, followed?: () => boolean): TraceContext {
  const place = traceOfRequest(headers, share, followed);
  assert.ok(place !== undefined);
  return place;
}

describe('a traceparent', () => {
  test('of the standard is gone on with, and who began the trace decides whether it is sampled where he is followed', () => {
    for (const [flags, sampled] of [
      ['01', true],
      ['00', false],
      ['03', true],
    ] as const) {
      const { spanId, ...rest } = placeOf(
        { traceparent: `00-${TRACE}-${PARENT}-${flags}` },
        sampled ? 0 : 1,
        follows,
      );
      assert.deepEqual(rest, { traceId: TRACE, parentId: PARENT, sampled, isRemote: true });
      assert.match(spanId, /^(?!0{16})[\da-f]{16}$/);
      assert.notEqual(spanId, PARENT);
    }
  });

  test('decides nothing where who sent it is not followed, however its id was chosen', () => {
    for (const flags of ['00', '01']) {
      const traceparent = `00-${TRACE}-${PARENT}-${flags}`;
      const begun = (share: number): boolean => placeOf({ traceparent }, share).sampled;
      assert.deepEqual([begun(1), begun(0)], [true, false]);
      const some = Array.from({ length: 2000 }, () => begun(0.5)).filter(Boolean).length;
      assert.ok(some > 800 && some < 1200, `${some} of 2000 where half of them should be`);
    }
  });

  test('of a later version may have more at its end, of this one not', () => {
    const asked = (traceparent: string): string => placeOf({ traceparent }).traceId;
    assert.equal(asked(`cc-${TRACE}-${PARENT}-01-what-comes`), TRACE);
    assert.notEqual(asked(`00-${TRACE}-${PARENT}-01-what-comes`), TRACE);
  });

  test('that is wrong begins a trace of its own, without a parent', () => {
    const wrong = [
      '',
      `ff-${TRACE}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${TRACE}-${PARENT}-1`,
      `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
      `cc-${TRACE}-${PARENT}-01-${'x'.repeat(500)}`,
    ];
    for (const traceparent of wrong) {
      const begun = placeOf({ traceparent, tracestate: 'a=1' });
      assert.deepEqual(
        [begun.parentId, begun.state, begun.sampled],
        [undefined, undefined, true],
        traceparent,
      );
      assert.notEqual(begun.traceId, TRACE, traceparent);
    }
  });
});

describe('a tracestate', () => {
  const state = (tracestate: string | string[]): string | undefined =>
    placeOf({ traceparent: `00-${TRACE}-${PARENT}-01`, tracestate }).state;

  test('goes on as it came, with the space between its members taken out', () => {
    assert.equal(
      state('congo=t61rcWkgMzE, rojo=00f067aa0ba902b7,'),
      'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    );
    assert.equal(state(['a=1', 'b@c=2']), 'a=1,b@c=2');
  });

  test('that is wrong anywhere does not go on at all', () => {
    const many = Array.from({ length: 33 }, (_, at) => `k${at}=1`).join(',');
    for (const wrong of [
      'a',
      'A=1',
      'a=1,a=2',
      'a=1\r\nx: y',
      'a=b=c',
      'a=\u00e9',
      many,
      `a=${'x'.repeat(600)}`,
    ])
      assert.equal(state(wrong), undefined, wrong);
  });
});

test('whatever a client sends, what goes on is a header that the standard allows', () => {
  const text = fc.oneof(fc.string(), fc.constant(`00-${TRACE}-${PARENT}-01`));
  fc.assert(
    fc.property(text, fc.string(), (traceparent, tracestate) => {
      const sent = traceHeaders(placeOf({ traceparent, tracestate }));
      assert.match(sent['traceparent'] ?? '', /^00-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-0[01]$/);
      assert.match(sent['tracestate'] ?? 'a=1', /^[ -~]{1,512}$/);
    }),
  );
});

test('what is begun within a trace is below it, also after a wait; outside of all there is none', async () => {
  const request = placeOf({});
  assert.equal(childTrace(), undefined);
  const child = await inTrace(request, async () => {
    await nextRound();
    return childTrace();
  });
  assert.deepEqual(
    [child?.traceId, child?.parentId, child?.sampled],
    [request.traceId, request.spanId, true],
  );
  assert.equal(
    inTrace(undefined, () => childTrace()),
    undefined,
  );
});

/** How the SDKs decide (TraceIdRatioBased): the four words of an id, one over the other. */
function isInShare(traceId: string, share: number): boolean {
  let word = 0;
  for (let at = 0; at < 32; at += 8) word ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return word >>> 0 < share * 0xffff_ffff;
}

test('a request that is in no trace and in no share has no place, so that nothing is made for it', () => {
  const begun = (share: number): TraceContext[] =>
    Array.from({ length: 2000 }, () => traceOfRequest({}, share) ?? []).flat();
  assert.deepEqual([begun(0).length, begun(1).length], [0, 2000]);
  for (const share of [0.25, 0.9]) {
    const some = begun(share);
    assert.ok(Math.abs(some.length - share * 2000) < 150, `${some.length} of 2000 at ${share}`);
    for (const { traceId, sampled } of some) assert.ok(sampled && isInShare(traceId, share), traceId);
  }
});
