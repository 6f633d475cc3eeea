/** A bridge that breaks the protocol is ended: no child of the runner outlives its client. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { LabError } from '../../harness/errors.js';
import { BridgeClient } from '../../harness/lab/mininet/client.js';
import { protocolVersion } from '../../harness/lab/mininet/protocol.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-client-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hello = JSON.stringify({
  hello: 'failover-lab-bridge',
  protocol: protocolVersion,
  mininet: '2',
  python: '3',
});

/** An interpreter that runs these shell lines in place of the bridge and then never ends. */
function interpreter(lines: string): string {
  const file = join(folder, 'interpreter');
  const pid = join(folder, 'pid');
  writeFileSync(file, `#!/bin/sh\necho $$ > ${pid}\n${lines}\nexec sleep 1000\n`, { mode: 0o755 });
  return file;
}

const start = (lines: string) =>
  BridgeClient.start({
    python: interpreter(lines),
    logFolder: folder,
    environment: { PATH: process.env.PATH ?? '' },
    onExit: () => {},
  });

async function expectGone(): Promise<void> {
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 3000 }).toBe(false);
}

for (const [what, lines] of [
  ['no JSON before its hello', 'echo nonsense'],
  [
    'a hello of another protocol',
    `echo '${hello.replace(`"protocol":${protocolVersion}`, '"protocol":999')}'`,
  ],
  ['a line without end', 'yes y | tr -d "\\n" | head -c 80000000'],
] as const) {
  test(`${what}: refused, and the child is gone`, async () => {
    const refused = await start(lines).catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(LabError);
    expect(refused).toMatchObject({ code: 'BRIDGE_FAILED' });
    await expectGone();
  });
}

for (const [what, answer] of [
  ['no JSON', 'nonsense'],
  ['JSON that is not a reply', '{"id":"x"}'],
] as const) {
  test(`${what} in place of a reply: the call fails, close() ends the child`, async () => {
    const client = await start(`echo '${hello}'; read line; echo '${answer}'`);
    const call = client.call('describe', {}, z.unknown());
    await expect(call).rejects.toMatchObject({ code: 'BRIDGE_FAILED' });
    await client.close();
    await expectGone();
  });
}
