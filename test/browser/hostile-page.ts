import { createServer } from 'node:http';
import { listen } from '../support/raw-server.ts';
import type { Cleanup } from '../support/temp-folder.ts';

/** Serves an empty page of somebody else at every path, on both names of this machine; its port. */
export async function startHostileSite(t: Cleanup): Promise<number> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(EMPTY_PAGE);
  });
  const { url } = await listen(t, server, [], '127.0.0.1', 'http');
  return Number(url.port);
}

/** A page of which scripts make what they like. */
export const EMPTY_PAGE = '<!doctype html><title>evil</title><body>';

/**
 * What such a page tries at the Rondo at `rondo`, whose mirror `mirror` it has guessed, as a script for the browser: its value is
 * all that it could read.
 */
export function attackOn(rondo: string, mirror: string): string {
  return `(${SCRIPT})(${JSON.stringify(rondo)}, ${JSON.stringify(mirror)})`;
}

/** What such a page sees of a tab in which it opens Rondo, as a link would. */
export function lookIntoTab(rondo: string): string {
  return `(async (url) => {
    const opened = window.open(url);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      return opened.document.body.textContent + opened.length;
    } catch {
      return 'nothing';
    }
  })(${JSON.stringify(`${rondo}/`)})`;
}

const SCRIPT = `async (rondo, mirror) => {
  const got = [];
  const read = (what, text) => text === '' || got.push(what + ': ' + text.slice(0, 100));
  const settle = (work) => new Promise((resolve) => {
    setTimeout(resolve, 1500);
    work(resolve);
  });
  const paths = ['/', '/-/api/status', '/-/api/config', '/-/api/mirrors', '/-/api/events', '/metrics', '/example.com/tree/@v/list'];
  const ask = (what, url, init) =>
    fetch(url, init).then(async (response) => read(what + ' ' + response.status, await response.text()), () => {});
  for (const path of paths)
    for (const mode of ['cors', 'no-cors', 'same-origin'])
      for (const credentials of ['omit', 'include'])
        await ask(mode + ' ' + path, rondo + path, { mode, credentials });
  const orders = [
    ['/-/api/reload', {}],
    ['/-/api/purge', { module: 'example.com/tree' }],
    ['/-/api/mirrors/' + encodeURIComponent(mirror), { drain: 'on' }],
  ];
  for (const [order, body] of orders) {
    const url = rondo + order;
    const json = JSON.stringify(body);
    for (const mode of ['cors', 'no-cors'])
      for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded'])
        await ask(mode + ' ' + type + ' ' + order, url, { method: 'POST', mode, headers: { 'content-type': type }, body: json });
    navigator.sendBeacon(url, new Blob([json], { type: 'text/plain' }));
    navigator.sendBeacon(url, new Blob([json], { type: 'application/json' }));
    await settle((done) => {
      // '{"module":"…","x":"=y"}': what a form of text/plain can send.
      const frame = document.createElement('iframe');
      frame.name = 'frame' + Math.random();
      frame.addEventListener('load', done);
      const form = document.createElement('form');
      Object.assign(form, { method: 'POST', action: url, enctype: 'text/plain', target: frame.name });
      const field = document.createElement('input');
      field.name = json.slice(0, -1) + (json === '{}' ? '' : ',') + '"x":"';
      field.value = '"}';
      form.append(field);
      document.body.append(frame, form);
      form.submit();
    });
  }
  const elements = [['img', 'src'], ['script', 'src'], ['link', 'href'], ['iframe', 'src'], ['object', 'data'], ['embed', 'src']];
  for (const path of paths)
    for (const [tag, name] of elements)
      await settle((done) => {
        const element = document.createElement(tag);
        if (tag === 'link') element.rel = 'stylesheet';
        element.addEventListener('error', done);
        element.addEventListener('load', () => {
          // Frames tell of an error page, too, and show what is inside to those who may see it.
          const isFrame = !['img', 'script', 'link'].includes(tag);
          read(tag + ' ' + path, isFrame ? (element.contentDocument?.body?.textContent ?? '') : 'loaded');
          done();
        });
        element[name] = rondo + path;
        document.body.append(element);
      });
  await settle((done) => {
    const events = new EventSource(rondo + '/-/api/events');
    for (const name of ['open', 'message', 'status', 'mirrors']) events.addEventListener(name, () => read('EventSource', name));
    events.addEventListener('error', done);
  });
  await settle((done) => {
    const socket = new WebSocket(rondo.replace('http', 'ws') + '/-/api/events');
    for (const name of ['open', 'message']) socket.addEventListener(name, () => read('WebSocket', name));
    socket.addEventListener('error', done);
  });
  return got;
}`;
