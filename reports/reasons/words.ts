/** Parts of sentences that several reasons share. */
import type { Starved, Waited } from '../../harness/model/reasons/shapes.js';

/** A number and its noun: `1 packet`, `3 packets`. */
export function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

const waiting = { controller: 'a controller', vswitchd: "a switch's ovs-vswitchd" } as const;

/** `a controller waited for a processor for 40 %` */
export function waitedText({ who, share }: Waited): string {
  return `${waiting[who]} waited for a processor for ${Math.round(share * 100)} %`;
}

/** `while a controller waited …`, or `while this machine dropped 3 packets`. */
export function starvedText(starved: Starved): string {
  return 'who' in starved
    ? `while ${waitedText(starved)} of the time`
    : `while this machine dropped ${counted(starved.packetsDropped, 'packet')}`;
}

/** `(h1-h2, forward)` without the brackets. */
export function whereText({ meter, direction }: { meter: string; direction: string }): string {
  return `${meter}, ${direction}`;
}

/** `measured 12 ms`; `no value` where there is none. */
export function quantityText(value: number | null, unit: string): string {
  if (value === null) return 'no value';
  return unit === '' ? String(value) : `${value} ${unit}`;
}

/** A signal's name, or `status 3`. */
export function exitText({ signal, exitCode }: { signal: string | null; exitCode: number | null }) {
  return signal ?? `status ${exitCode}`;
}
