/** A socket's file stands before its server listens: a client that goes by the file is refused. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';

const program = `
import json, os, socket, sys, tempfile
sys.path.insert(0, sys.argv[1])
from unix_sockets import listens, remove_stale_socket
from protocol import BridgeError
with tempfile.TemporaryDirectory() as folder:
    path = folder + "/db.sock"
    seen = [listens(path)]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(path)
        seen.append(listens(path))
        server.listen(1)
        seen.append(listens(path))
        try:
            remove_stale_socket(path)
        except BridgeError as refused:
            seen.append(str(refused).replace(folder, ""))
    remove_stale_socket(path)
    seen.append(os.path.exists(path))
print(json.dumps(seen))
`;

test('one that is bound and does not listen yet is not there, and is not in use', () => {
  const bridge = join(packageRoot(), 'harness/lab/mininet/bridge');
  const words = ['-B', '-c', program, bridge];
  const seen: unknown = JSON.parse(execFileSync('/usr/bin/python3', words, { encoding: 'utf8' }));
  const inUse = '/db.sock is in use: a server listens on it';
  expect(seen).toEqual([false, false, true, inUse, false]);
});
