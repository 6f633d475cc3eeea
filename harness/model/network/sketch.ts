/**
 * A topology as a picture of letters: the path between two hosts as a line, its backup below it,
 * and what lies aside as a list. `--` is a link, `==` a tunnel.
 */
import type { ResolvedTopology } from '../resolved.js';
import {
  backupPath,
  edgesAt,
  type Graph,
  graphOf,
  otherEnd,
  type Path,
  shortestPath,
} from './graph.js';

/** The most columns a picture may take; wider paths are printed as lists. */
const widest = 78;
const noBackup = '(no backup path)';

/**
 * The picture, several lines without a newline at the end. Pure; letters only, no colour. Lists are
 * at most `columns` wide; a picture is as wide as its nodes.
 */
export function sketchTopology(
  topology: Pick<ResolvedTopology, 'nodes' | 'links' | 'tunnels'>,
  pair: { from: string; to: string } | undefined,
  columns = widest,
): string {
  const width = Math.min(widest, columns);
  const graph = graphOf(topology);
  const tunnels = new Set(topology.tunnels.map(({ id }) => id));
  const path = pair && shortestPath(graph, pair.from, pair.to);
  const backup = path && backupPath(graph, path);
  const drawn = path ? draw(path, backup, tunnels, width) : [];
  const shown = new Set([...(path?.nodes ?? []), ...(backup?.nodes ?? [])]);
  return [...drawn, ...aside(graph, shown, tunnels, width)].join('\n');
}

function draw(
  path: Path,
  backup: Path | undefined,
  tunnels: ReadonlySet<string>,
  columns: number,
): string[] {
  const detour = backup && detourOf(path, backup);
  const branch = backup && detour ? detourText(backup, detour, tunnels) : '';
  const line = stretched(path, detour, branch.length + 2, tunnels);
  const text = line.text.padEnd(Math.min(widest - 8, line.text.length + 3));
  if (line.text.length > widest - 8) return listed(path, backup, columns);
  if (!detour) return [`${text}path`, ...(backup ? [] : [noBackup])];
  const left = line.columns[detour.from] ?? 0;
  const right = line.columns[detour.to] ?? left;
  const posts = `${' '.repeat(left)}|${' '.repeat(Math.max(0, right - left - 1))}|`;
  const room = right - left - 1;
  const before = Math.floor((room - branch.length) / 2);
  const fill = detour.tunnelled ? '=' : '-';
  const middle = `${fill.repeat(before)}${branch}${fill.repeat(room - branch.length - before)}`;
  const below = `${' '.repeat(left)}+${middle}+`;
  return [`${text}path`, posts, `${below.padEnd(text.length)}backup`];
}

/** Where the backup leaves the path and comes back, as indexes into the path's nodes. */
interface Detour {
  from: number;
  to: number;
  nodes: string[];
  tunnelled: boolean;
}

function detourOf(path: Path, backup: Path): Detour | undefined {
  let from = 0;
  while (path.nodes[from + 1] === backup.nodes[from + 1]) {
    from += 1;
    if (from >= path.nodes.length) return undefined;
  }
  let back = 0;
  while (path.nodes.at(-2 - back) === backup.nodes.at(-2 - back)) back += 1;
  const nodes = backup.nodes.slice(from + 1, backup.nodes.length - 1 - back);
  return { from, to: path.nodes.length - 1 - back, nodes, tunnelled: false };
}

function detourText(backup: Path, detour: Detour, tunnels: ReadonlySet<string>): string {
  const first = backup.nodes.indexOf(detour.nodes[0] ?? '');
  detour.tunnelled = tunnels.has(backup.edges[first - 1] ?? backup.edges[detour.from] ?? '');
  const words = detour.nodes.map((node, index) => {
    const sign = connector(backup.edges[first + index], tunnels);
    return index === detour.nodes.length - 1 ? node : `${node} ${sign}${sign} `;
  });
  return words.length === 0 ? '' : ` ${words.join('')} `;
}

function connector(edge: string | undefined, tunnels: ReadonlySet<string>): string {
  return tunnels.has(edge ?? '') ? '=' : '-';
}

/** The path as one line, with room for the detour below it, and the column of each node. */
function stretched(
  path: Path,
  detour: Detour | undefined,
  wanted: number,
  tunnels: ReadonlySet<string>,
): { text: string; columns: number[] } {
  for (let extra = 0; ; extra += 1) {
    const line = { text: '', columns: [] as number[] };
    path.nodes.forEach((node, index) => {
      line.columns.push(line.text.length + Math.floor(node.length / 2));
      line.text += node;
      const edge = path.edges[index];
      if (edge === undefined) return;
      const inside = detour !== undefined && index >= detour.from && index < detour.to;
      line.text += ` ${connector(edge, tunnels).repeat(inside ? 2 + extra : 2)} `;
    });
    if (detour === undefined || extra > widest) return line;
    const room = (line.columns[detour.to] ?? 0) - (line.columns[detour.from] ?? 0);
    if (room > wanted) return line;
  }
}

function listed(path: Path, backup: Path | undefined, columns: number): string[] {
  const wrap = (label: string, nodes: string[]) => {
    const steps = nodes.map((node, index) => (index === 0 ? node : `> ${node}`));
    return wrapped(`${label}  `, steps, columns, ' ');
  };
  return [...wrap('path  ', path.nodes), ...(backup ? wrap('backup', backup.nodes) : [noBackup])];
}

/** What the picture does not show: other forwarders with their neighbours, then other hosts. */
function aside(
  graph: Graph,
  shown: ReadonlySet<string>,
  tunnels: ReadonlySet<string>,
  columns: number,
): string[] {
  const hidden = (names: ReadonlySet<string>) => [...names].filter((node) => !shown.has(node));
  const neighbours = (node: string) =>
    edgesAt(graph, node).flatMap((edge) => {
      const sign = connector(edge.id, tunnels);
      const other = otherEnd(edge, node);
      return other === undefined ? [] : [{ other, text: `${sign}${sign} ${other}` }];
    });
  const forwarders = hidden(graph.forwarders);
  const width = Math.max(0, ...forwarders.map((node) => node.length));
  const lines = forwarders.flatMap((node) => {
    const text = neighbours(node).map((neighbour) => neighbour.text);
    return wrapped(`${node.padEnd(width)}  `, text, columns);
  });
  const hosts = hidden(graph.hosts)
    .filter((node) => !neighbours(node).some(({ other }) => forwarders.includes(other)))
    .map((node) => [node, ...neighbours(node).map(({ text }) => text)].join(' '));
  return [...lines, ...(hosts.length > 0 ? wrapped('also  ', hosts, columns) : [])];
}

/** Joins words by two spaces, in as many lines as are needed. */
function wrapped(label: string, words: readonly string[], columns: number, joint = '  '): string[] {
  const lines: string[] = [];
  let line = label;
  for (const word of words) {
    if (line.length + word.length > columns && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(label.length);
    }
    line += `${word}${joint}`;
  }
  return [...lines, line.trimEnd()];
}
