/** What a configuration file of BIRD states, as far as the options of a router have it. Pure. */
import type { ReadSuite } from './suite.js';

/** Times are milliseconds. Of several that state a value the first one counts. */
export function readBirdFile(text: string): Omit<ReadSuite, 'suite' | 'config'> {
  const plain = text.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/#.*$/gm, '');
  const has = (protocol: string) =>
    new RegExp(`^\\s*(protocol|template)\\s+${protocol}\\b`, 'm').test(plain);
  const value = (words: string) => {
    const found = new RegExp(`\\b${words}\\s+(\\d+)\\s*(ms|s)?\\b`).exec(plain);
    return found === null ? undefined : Number(found[1]) * (found[2] === 'ms' ? 1 : 1000);
  };
  const only = (key: string, ms: number | undefined) => (ms === undefined ? {} : { [key]: ms });
  const as = Number(/\blocal\b[^;]*\bas\s+(\d+)/.exec(plain)?.[1] ?? Number.NaN);
  const ospf = { ...only('hello', value('hello')), ...only('dead', value('dead')) };
  const bgp = {
    ...only('hold', value('hold time')),
    ...only('keepalive', value('keepalive time')),
    ...(Number.isNaN(as) ? {} : { as }),
  };
  const interval = value('interval') ?? value('min tx interval');
  const multiplier = Number(/\bmultiplier\s+(\d+)/.exec(plain)?.[1] ?? 5);
  return {
    ...(has('ospf') ? { ospf } : {}),
    ...(has('bgp') ? { bgp } : {}),
    ...(has('bfd') ? { bfd: { interval: interval ?? 100, multiplier } } : {}),
  };
}
