/** What the installed iperf3 can do; asked once. */
import { execa } from 'execa';
import { LabError } from '../../../errors.js';
import type { Iperf3Abilities } from './argv.js';

const jsonStreamSince = [3, 17] as const;

let asked: Promise<Iperf3Abilities> | undefined;

/** Asks iperf3 for its version. Throws MACHINE_LACKS when it cannot be run. */
export function iperf3Abilities(): Promise<Iperf3Abilities> {
  asked ??= execa('iperf3', ['--version'], { reject: false, timeout: 5_000 }).then((result) => {
    const version = result.failed ? null : readVersion(result.stdout);
    if (version) return { jsonStream: isAtLeast(version, jsonStreamSince) };
    asked = undefined;
    throw new LabError('MACHINE_LACKS', 'iperf3 could not be run.', {
      hint: 'Install it: apt-get install iperf3',
      cause: result,
    });
  });
  return asked;
}

/** `iperf 3.12 (cJSON 1.7.15)` → [3, 12]. */
export function readVersion(text: string): readonly [number, number] | null {
  const match = /^iperf (\d+)\.(\d+)/m.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

function isAtLeast(version: readonly [number, number], wanted: readonly [number, number]): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}
