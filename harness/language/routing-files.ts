/** Configuration files of routers, which a scenario names and the loader reads. */
import { isAbsolute, resolve } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { readRegular } from '../safe-files.js';

const longestBytes = 1024 * 1024;

/**
 * A copy of a written topology in which the configuration file of every router has been read. A file
 * is meant from the scenario's own folder.
 *
 * @throws LabError SCENARIO_UNREADABLE, naming the file.
 */
export function withRoutingFiles(topology: unknown, folder: string): unknown {
  if (Array.isArray(topology)) return topology.map((part) => withRoutingFiles(part, folder));
  if (!isFiled(topology)) return topology;
  const { config } = topology.suite;
  const text = textOf(isAbsolute(config) ? config : resolve(folder, config));
  return { ...topology, suite: { ...topology.suite, config: { file: config, text } } };
}

interface Filed {
  name: unknown;
  suite: { config: string };
}

function isFiled(part: unknown): part is Filed {
  if (typeof part !== 'object' || part === null || !('suite' in part)) return false;
  const { suite } = part;
  if (typeof suite !== 'object' || suite === null || !('config' in suite)) return false;
  return typeof suite.config === 'string';
}

function textOf(file: string): string {
  try {
    return readRegular(file, longestBytes).replaceAll('\r\n', '\n');
  } catch (cause) {
    const message = `the configuration ${file} of a router cannot be read: ${messageOf(cause)}`;
    throw new LabError('SCENARIO_UNREADABLE', message, {
      hint: "name a file beside the scenario: frr({ config: './r1.conf' })",
    });
  }
}
