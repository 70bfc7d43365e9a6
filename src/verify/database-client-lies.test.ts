import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseLie } from '../../test/support/database-lies.ts';
import {
  codeOf,
  FORGED,
  fork,
  grow,
  H1,
  HONEST,
  LOCAL,
  lookup,
  lying,
  REACH,
  saidOf,
  tile,
  truth,
  world,
} from '../../test/support/database-world.ts';
import {
  emptyMemory,
  type DatabaseMemory,
  type DatabaseSource,
} from '../../test/support/memory-database-ops.ts';

/** A liar asked first, an honest one after it. `charged`: a complete lie, found out by what was proven at last. */
const LIES: readonly {
  readonly how: string;
  readonly lies: readonly DatabaseLie[];
  readonly charged: boolean;
}[] = [
  {
    how: 'a wrong record with the right proof',
    lies: [{ kind: 'wrong-record', zipH1: FORGED, modH1: FORGED }],
    charged: true,
  },
  { how: "another record's number", lies: [{ kind: 'wrong-number', number: 3 }], charged: true },
  { how: 'a number beyond its tree', lies: [{ kind: 'wrong-number', number: 600 }], charged: true },
  { how: 'a wrong signature', lies: [{ kind: 'bad-signature' }], charged: true },
  { how: 'the signature of another key', lies: [{ kind: 'unknown-key' }], charged: true },
  { how: 'a stale tree without the record', lies: [{ kind: 'stale-head', size: 200 }], charged: true },
  {
    how: 'the record of another module',
    lies: [{ kind: 'other-record', of: 'example.com/m3@v1.0.0' }],
    charged: false,
  },
  {
    how: 'a wrong tile of the level of records',
    lies: [{ kind: 'wrong-tile', match: '^/tile/8/0/001$' }],
    charged: true,
  },
  {
    how: 'a wrong tile of the right edge',
    lies: [{ kind: 'wrong-tile', match: '^/tile/8/0/002' }],
    charged: true,
  },
  { how: 'a wrong tile at the top', lies: [{ kind: 'wrong-tile', match: '^/tile/8/1/' }], charged: true },
  { how: 'nothing but wrong tiles', lies: [{ kind: 'wrong-tile' }], charged: true },
  { how: 'short tiles', lies: [{ kind: 'tile-width', by: -1 }], charged: false },
  { how: 'long tiles', lies: [{ kind: 'tile-width', by: 1 }], charged: false },
  { how: 'no tiles', lies: [{ kind: 'status', status: 404, match: '^/tile/' }], charged: false },
  { how: 'an outage', lies: [{ kind: 'status', status: 503 }], charged: false },
];

for (const { how, lies, charged } of LIES) {
  test(`a mirror with ${how} is not believed: the next one is asked`, async () => {
    const { client, ops } = world({ liar: lying(...lies), honest: HONEST });
    assert.equal(await saidOf(client, 300), truth(300));
    assert.deepEqual(new Set(ops.lies.map(({ source }) => source)), new Set(charged ? ['liar'] : []));
    assert.deepEqual(ops.errors, []);
    for (const [path, { bytes }] of ops.memory.cache) {
      if (path.startsWith('/tile/')) assert.deepEqual(bytes, HONEST.answer(path).body, path);
    }
  });

  test(`only mirrors with ${how}: nothing is believed, nothing kept, nobody charged`, async () => {
    const { client, ops } = world({ one: lying(...lies), two: lying(...lies) });
    const code = await saidOf(client, 300);
    if (charged) {
      assert.equal(code, 'E_CHECKSUM_UNPROVEN');
      assert.deepEqual(
        ops.errors.map(({ kind }) => kind),
        ['unproven'],
      );
    } else assert.notEqual(code, truth(300));
    assert.equal(ops.memory.cache.has('/lookup/example.com/m300@v1.0.0'), false);
    assert.deepEqual(ops.lies, []);
  });
}

test('two liars about different tiles of the edge are told from the honest', async () => {
  const { client, ops } = world({
    one: lying({ kind: 'wrong-tile', match: '^/tile/8/1/' }),
    two: lying({ kind: 'wrong-tile', match: '^/tile/8/0/002' }),
  });
  assert.equal(await saidOf(client, 300), truth(300));
  assert.deepEqual(
    ops.lies.map(({ source, file }) => `${source} ${'path' in file ? file.path : ''}`),
    ['one tile/8/1/000.p/2', 'two tile/8/0/002.p/88'],
  );
  assert.deepEqual(ops.memory.cache.get('/tile/8/1/000.p/2')?.bytes, HONEST.answer('/tile/8/1/000.p/2').body);
});

test('a database that forks is caught, with the evidence, and not used any more', async () => {
  const memory = emptyMemory();
  const { client, ops } = world({ a: HONEST }, memory);
  assert.equal(await saidOf(client, 300), truth(300));
  ops.sources = { a: fork() };
  assert.equal(await saidOf(client, 650), 'E_CHECKSUM_FORK');
  const [error] = ops.errors;
  assert.equal(error?.kind, 'fork');
  for (const line of [...HONEST.treeHead().split('\n'), ...fork().treeHead().split('\n')]) {
    assert.ok(error?.evidence?.includes(line), line);
  }
  assert.match(error?.evidence ?? '', /proof of misbehavior:\n(\t[0-9A-Za-z+/]{43}=\n)+$/);
  // Not by the honest one, not for what is kept, and not after a restart.
  ops.sources = { a: HONEST };
  assert.equal(await saidOf(client, 301), 'E_CHECKSUM_FORK');
  assert.equal(await saidOf(client, 300), 'E_CHECKSUM_FORK');
  assert.equal(await codeOf(client.tile(tile('tile/8/0/001'), REACH)), 'E_CHECKSUM_FORK');
  assert.equal(await codeOf(client.refresh(REACH)), 'E_CHECKSUM_FORK');
  const restarted = world({ a: HONEST }, memory);
  assert.equal(await saidOf(restarted.client, 301), 'E_CHECKSUM_FORK');
  assert.equal(memory.config.get('latest'), HONEST.treeHead());
  memory.config.delete('fork');
  assert.equal(await saidOf(world({ a: HONEST }, memory).client, 301), truth(301));
});

test('nothing of a fork is kept: tiles neither, whichever branch came first', async () => {
  const { client, ops } = world({ a: fork() });
  await client.lookup(lookup(10), REACH);
  const before = new Map(ops.memory.cache);
  ops.sources = { a: grow(HONEST.copy(), 200) };
  assert.equal(await saidOf(client, 750), 'E_CHECKSUM_FORK');
  assert.deepEqual(ops.memory.cache, before);
});

test('an older tree of another branch, and another tree of the same size, are forks too', async () => {
  for (const size of [350, 600]) {
    const { client, ops } = world({ a: HONEST });
    assert.equal(await saidOf(client, 300), truth(300));
    const branch = fork();
    branch.lie({ kind: 'stale-head', size });
    ops.sources = { a: branch, b: HONEST };
    assert.equal(await saidOf(client, 310), 'E_CHECKSUM_FORK', `${size}`);
    assert.equal(ops.memory.cache.has('/lookup/example.com/m310@v1.0.0'), false);
  }
});

test('a newer signed tree that nobody has the tiles of is not believed, and is no fork yet', async () => {
  const { client, ops } = world({ a: HONEST });
  assert.equal(await saidOf(client, 300), truth(300));
  const heads = fork();
  const source: DatabaseSource = {
    answer: (path) => (path.startsWith('/tile/') ? grow(HONEST.copy(), 200) : heads).answer(path),
  };
  ops.sources = { a: source };
  assert.equal(await saidOf(client, 650), 'E_CHECKSUM_UNPROVEN');
  assert.deepEqual(
    ops.errors.map(({ kind }) => kind),
    ['unproven'],
  );
  ops.sources = { a: HONEST };
  assert.equal(await saidOf(client, 301), truth(301));
});

test('a fork that one process on the copy has caught is heard of by another one that runs', async () => {
  const memory = emptyMemory();
  const server = world({ a: HONEST }, memory);
  assert.equal(await saidOf(server.client, 300), truth(300));
  const exec = world({ a: fork() }, memory);
  assert.equal(await saidOf(exec.client, 650), 'E_CHECKSUM_FORK');
  // Neither what it has in memory nor what it could still ask the honest one for.
  assert.equal(await saidOf(server.client, 300), 'E_CHECKSUM_FORK');
  assert.equal(await saidOf(server.client, 301), 'E_CHECKSUM_FORK');
  assert.equal(await codeOf(server.client.tile(tile('tile/8/0/001'), REACH)), 'E_CHECKSUM_FORK');
  assert.equal(await codeOf(server.client.refresh(REACH)), 'E_CHECKSUM_FORK');
  // Its own people hear of it, once and with the evidence.
  assert.deepEqual(server.ops.errors, exec.ops.errors);
  assert.equal(server.ops.errors.length, 1);
});

test('a look for the evidence that fails is no evidence', async () => {
  const { client, ops } = world({ a: HONEST });
  assert.equal(await saidOf(client, 300), truth(300));
  const read = ops.readConfig;
  ops.readConfig = (name) => (name === 'fork' ? Promise.reject(new Error('EMFILE')) : read(name));
  assert.equal(await saidOf(client, 301), truth(301));
});

/** A copy that is sealed in HONEST's tree of 600. */
async function sealedCopy(): Promise<DatabaseMemory> {
  const memory = emptyMemory();
  const { client } = world({ a: HONEST }, memory);
  assert.equal(await saidOf(client, 300), truth(300));
  await client.sealer.seal(REACH);
  return memory;
}

for (const [what, latest] of [
  ['was lost', ''],
  ['is an older one again', HONEST.treeHead(400)],
] as const) {
  test(`the sealed tree stands in where the newest one ${what}: no fork is believed`, async () => {
    const memory = await sealedCopy();
    memory.config.set('latest', latest);
    const { client, ops } = world({ a: fork() }, memory);
    assert.equal((await client.newest())?.head.size, 600);
    assert.equal(await saidOf(client, 650), 'E_CHECKSUM_FORK');
    assert.deepEqual([ops.errors.length, ops.errors[0]?.kind], [1, 'fork']);
    assert.ok(memory.config.get('seal')?.includes(JSON.stringify(HONEST.treeHead()).slice(1, -1)));
  });
}

test('a newest tree of another branch than the sealed one is caught when the seal would move there', async () => {
  const memory = await sealedCopy();
  const seal = memory.config.get('seal');
  memory.config.set('latest', fork().treeHead());
  const { client, ops } = world({ a: fork() }, memory);
  assert.equal(
    await saidOf(client, 650),
    `example.com/m650 v1.0.0 ${H1}\nexample.com/m650 v1.0.0/go.mod ${H1}\n`,
  );
  assert.equal(await codeOf(client.sealer.seal(REACH)), 'E_CHECKSUM_FORK');
  assert.deepEqual([ops.errors.length, ops.errors[0]?.kind], [1, 'fork']);
  assert.equal((await client.sealer.head().catch(() => undefined))?.note, HONEST.treeHead());
  assert.ok(memory.config.get('seal')?.startsWith(seal?.split(',')[0] ?? '-'));
});

test('a newest tree as large as the sealed one, and another, is a fork by itself', async () => {
  const memory = await sealedCopy();
  memory.config.set('latest', fork().treeHead(600));
  assert.equal(await saidOf(world({}, memory).client, 300, LOCAL), 'E_CHECKSUM_FORK');
  assert.match(memory.config.get('fork') ?? '', /misbehavior detected/);
});

test('a tree that was cut short anywhere is the failure of a transfer: the next one is asked, nobody is charged', async () => {
  const whole = HONEST.treeHead();
  for (let length = 0; length < Buffer.byteLength(whole); length += 1) {
    const cutter: DatabaseSource = {
      answer(path) {
        const right = HONEST.answer(path);
        return path === '/latest' ? { ...right, body: right.body.subarray(0, length) } : right;
      },
    };
    const { client, ops } = world({ cutter, honest: HONEST });
    assert.equal((await client.refresh(REACH)).note, whole, `${length}`);
    assert.deepEqual([ops.lies, ops.errors], [[], []], `${length}`);
    const alone = world({ cutter });
    assert.notEqual(await codeOf(alone.client.refresh(REACH)), 'ok');
    assert.deepEqual([alone.ops.lies, alone.ops.errors], [[], []], `${length}`);
  }
});

test('signature lines that are none are a failure of form, behind a record too', async () => {
  const odd: DatabaseSource = {
    answer(path) {
      const right = HONEST.answer(path);
      if (right.status !== 200 || path.startsWith('/tile/')) return right;
      return { ...right, body: Buffer.from(`${right.body.toString()}\u2014 junk.example AAAAA\n`) };
    },
  };
  const { client, ops } = world({ odd, honest: HONEST });
  await client.refresh(REACH);
  assert.equal(await saidOf(client, 300), truth(300));
  assert.deepEqual([ops.lies, ops.errors], [[], []]);
});
