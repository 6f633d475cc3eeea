/** The Python program of a meter's end, as it is sent to a machine on which nothing is installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** In the order in which they import each other. */
const modules = [
  ...['datagram', 'arrivals', 'pacing', 'receive', 'sender', 'end'],
  ...['far/spool', 'far/control', 'far/reach', 'far/recorder', 'far/door'],
] as const;

/** What one end gets when it begins. */
export interface EndOptions {
  /** Names the end on its machine; 32 hex digits. */
  token: string;
  meter: string;
  sends: 'forward' | 'reverse';
  receives: 'forward' | 'reverse';
  /** Address or name of the other end, as this one reaches it. */
  peer: string;
  /** UDP, at both ends. */
  port: number;
  rate: number;
  /** Bytes of a probe. */
  length: number;
  /** How long it continues without a message from here. */
  leaseS: number;
}

/** By this variable every process of an end is found on its machine. */
export const endMark = 'FAILOVER_LAB_WATCH';

/**
 * Reads the program and what it is to do from standard input, and no byte more: what follows is the
 * conversation. It begins with ten digits, the length.
 */
const loader = `
import sys
if sys.version_info < (3, 7):
    print('{"kind":"end.failed","reason":"python","version":"%d.%d"}' % sys.version_info[:2])
    sys.exit(1)
import os, json, types, __future__
def take(count):
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece: sys.exit(1)
        data += piece
    return data
given = json.loads(take(int(take(10))).decode())
for name, text in given["modules"]:
    module = types.ModuleType(name)
    sys.modules[name] = module
    flags = __future__.annotations.compiler_flag
    exec(compile(text, name + ".py", "exec", flags), module.__dict__)
sys.exit(sys.modules["door"].main(given["options"]))
`;

/** The words that start an end on its machine. */
export function endWords(token: string): string[] {
  return ['env', `${endMark}=${token}`, 'python3', '-c', loader.trim()];
}

/** What is sent first: the program, and what it is to do. `join`: the end is there already. */
export function endProgram(options: EndOptions | { token: string; join: true }): string {
  const folder = join(packageRoot(), 'harness/lab/traffic/meter');
  const sources = modules.map((name) => [
    name.slice(name.lastIndexOf('/') + 1),
    readFileSync(join(folder, `${name}.py`), 'utf8'),
  ]);
  const text = JSON.stringify({ modules: sources, options });
  return String(Buffer.byteLength(text)).padStart(10, '0') + text;
}

/** Prints the processes of an end that are left on its machine, a line each. */
export function leftoverWords(token: string): string[] {
  const look = `
import os
for pid in os.listdir("/proc"):
    try:
        words = open("/proc/" + pid + "/environ", "rb").read().split(b"\\0")
        if b"${endMark}=${token}" in words and int(pid) != os.getpid():
            print("process %s (%s)" % (pid, open("/proc/" + pid + "/comm").read().strip()))
    except (OSError, ValueError):
        pass
`;
  return ['python3', '-c', look.trim()];
}
