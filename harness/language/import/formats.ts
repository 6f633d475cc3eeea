/** The formats that can be imported. A new one is a file of its own, and a line here. */
import { containerlab } from './containerlab.js';
import { gml } from './gml.js';
import { graphml } from './graphml.js';
import type { ImportFormat } from './imported.js';
import { mininetScript } from './mininet-script.js';

export const formats: readonly ImportFormat[] = [containerlab, graphml, gml, mininetScript];

/** By how the file's name ends. */
export function formatOf(path: string): ImportFormat | undefined {
  const name = path.toLowerCase();
  return formats.find(({ endings }) => endings.some((ending) => name.endsWith(ending)));
}

/** `.graphml (GraphML map), .gml (GML map)`. */
export function formatList(): string {
  return formats.map(({ name, endings }) => `${endings.join(', ')} (${name})`).join(', ');
}
