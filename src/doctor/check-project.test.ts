import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProject } from './check-project.ts';

const CHAIN = 'https://goproxy.cn,https://goproxy.io,direct';

test('what breaks builds is named with its line, however the file sets it', () => {
  const table: [string, string, string[]][] = [
    ['Makefile', `all:\n\tGOPROXY=${CHAIN} go build ./...\n`, [`Makefile:2: GOPROXY=${CHAIN}`]],
    ['Makefile', `export GOPROXY := ${CHAIN}\n`, [`Makefile:1: GOPROXY=${CHAIN}`]],
    ['Dockerfile', `FROM x\nENV GOPROXY ${CHAIN}\n`, [`Dockerfile:2: GOPROXY=${CHAIN}`]],
    ['Dockerfile', `ENV GOSUMDB="off" GOFLAGS=-mod=mod\n`, ['Dockerfile:1: GOSUMDB=off']],
    ['ci.yml', `env:\n  GOPROXY: '${CHAIN}'\n`, [`ci.yml:2: GOPROXY=${CHAIN}`]],
    ['ci.yml', `run: go env -w GOPROXY=${CHAIN} # ours\n`, [`ci.yml:1: GOPROXY=${CHAIN}`]],
    ['ci.yml', 'GOPRIVATE: "*"\nGONOSUMDB=*\n', ['ci.yml:1: GOPRIVATE=*', 'ci.yml:2: GONOSUMDB=*']],
  ];
  for (const [path, text, evidence] of table)
    assert.deepEqual(
      checkProject([{ path, text }]).flatMap((finding) => finding.evidence),
      evidence,
      text,
    );
});

test('what is well is not named', () => {
  for (const text of [
    'GOPROXY=https://goproxy.cn,direct',
    'GOPROXY=https://goproxy.cn|https://goproxy.io|direct',
    'GOPROXY=off',
    'GOPROXY=$(PROXY)',
    'MYGOPROXY=https://a.example,https://b.example',
    'GOSUMDB=sum.golang.org',
    'GOPRIVATE=*.corp.example',
    'about GOPROXY and how to set it',
    'GOPROXY',
  ])
    assert.deepEqual(checkProject([{ path: 'f', text }]), [], text);
});

test('a file of any size, and any number of lines that are wrong', () => {
  const text = `${'x'.repeat(5000)} GOSUMDB=off\n${'GOSUMDB=off\n'.repeat(30_000)}`;
  assert.equal(checkProject([{ path: 'f', text }]).length, 20);
});

test('a file of blanks behind a name is read as fast as any other', () => {
  const line = `GOPROXY${' '.repeat(1990)}\n`;
  const quoted = `${'GOPROXY="x'.repeat(199)}\n`;
  const texts = [line, line, line, line, quoted].map((each) => ({
    path: 'Makefile',
    text: each.repeat(20_000),
  }));
  assert.deepEqual(checkProject(texts), []);
});
