/** Goal: a reply on a control socket is read whole; errors and silence are distinguished. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { callVswitch } from '../../harness/lab/nodes/vswitch-control.js';

// The address of a socket has room for 107 bytes, and a folder of results may be deeper.
const folder = mkdtempSync(join(tmpdir(), 'failover-lab-control-'));
test.afterAll(() => rmSync(folder, { recursive: true }));

async function served(answer: (socket: Socket, request: string) => void): Promise<string> {
  const path = join(folder, `daemon-${process.hrtime.bigint()}.ctl`);
  const server = createServer((socket) =>
    socket.setEncoding('utf8').on('data', (request) => answer(socket, String(request))),
  );
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

test('a reply in pieces, some of which end like a whole one, is one reply', async () => {
  const result = 'Flow: in_port=1\n{braces}\n'.repeat(20_000);
  const path = await served((socket, request) => {
    expect(JSON.parse(request)).toEqual({ id: 0, method: 'fdb/show', params: ['br0'] });
    const reply = JSON.stringify({ error: null, id: 0, result });
    const cut = reply.indexOf('}') + 1;
    socket.write(reply.slice(0, cut));
    setTimeout(() => socket.write(reply.slice(cut)), 20);
  });
  expect(await callVswitch(path, 'fdb/show', ['br0'], 5000)).toEqual({ text: result });
});

test('an error, a reply that is none, an end and silence are no text', async () => {
  const replies = ['{"error":"no such bridge","id":0,"result":null}', '[]', null];
  for (const reply of replies) {
    const path = await served((socket) =>
      reply === null ? socket.destroy() : socket.write(reply),
    );
    const limitMs = reply === '[]' ? 100 : 5000;
    const problem = reply === '[]' ? 'unanswered' : 'refused';
    expect(await callVswitch(path, 'fdb/show', [], limitMs)).toEqual({ problem });
  }
  const nowhere = join(folder, 'nobody.ctl');
  expect(await callVswitch(nowhere, 'fdb/show', [], 5000)).toEqual({ problem: 'refused' });
});
