/** Debian's Python, by its full path: another one first on PATH does not see Debian's packages. */
import * as z from 'zod';
import type { Machine } from './machine.js';

export const pythonPath = '/usr/bin/python3';

const program = `
import json, sys
from importlib import import_module, metadata
def version(module, package):
    try:
        import_module(module)
        return metadata.version(package)
    except Exception as error:
        return None
print(json.dumps({
    "python": ".".join(map(str, sys.version_info[:3])),
    "mininet": version("mininet", "mininet"),
    "osken": version("os_ken", "os-ken"),
}))
`;

export const pythonQuestion = [pythonPath, '-B', '-c', program];

const version = z.string().nullable();
const factsShape = z.object({ python: version, mininet: version, osken: version });

export type PythonFacts = z.infer<typeof factsShape>;

export async function pythonFacts(machine: Machine): Promise<PythonFacts> {
  const { stdout } = await machine.run(pythonQuestion);
  try {
    return factsShape.parse(JSON.parse(stdout));
  } catch {
    const found = /Python (\S+)/.exec((await machine.run([pythonPath, '--version'])).stdout);
    return { python: found?.[1] ?? null, mininet: null, osken: null };
  }
}
