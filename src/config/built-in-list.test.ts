import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicMirror } from './built-in-list.ts';

test('a public mirror is known as one whatever Go is on the machine, or none', () => {
  for (const host of ['goproxy.cn', 'goproxy.io', 'mirrors.aliyun.com', 'sum.golang.org'])
    assert.ok(isPublicMirror(host), host);
  for (const host of ['goproxy.corp.example', 'notgolang.org', 'golang.org.example', '127.0.0.1'])
    assert.ok(!isPublicMirror(host), host);
});
