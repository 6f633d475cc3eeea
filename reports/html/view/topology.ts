/** The topology as SVG at one moment. No style attributes: the page's policy forbids them. */

import { controllerKinds, stoppingKinds } from '../../../harness/kinds/generated/fault-names.js';
import { nodeNouns, nodePictures } from '../../../harness/kinds/generated/node-names.js';
import type { NodePicture } from '../../../harness/kinds/node-kind.js';
import { formatMs } from '../../format.js';
import type { Drawing, DrawnEdge, DrawnNode } from '../data.js';
import { type Html, html, named, shortened } from '../markup.js';
import type { Moment, PathStretch } from './moment.js';

/** Faults after which a thing carries nothing; others only make it worse. */
const deadly: ReadonlySet<string> = new Set(stoppingKinds);
const ofControllers: ReadonlySet<string> = new Set(controllerKinds);

interface Line {
  edge: DrawnEdge;
  a: DrawnNode;
  b: DrawnNode;
}

/** The edges with the nodes that they join. */
export function linesOf(drawing: Drawing): Line[] {
  const at = new Map(drawing.nodes.map((node) => [node.name, node]));
  return drawing.edges.flatMap((edge) => {
    const a = at.get(edge.a);
    const b = at.get(edge.b);
    return a && b ? [{ edge, a, b }] : [];
  });
}

/** Control point of the quadratic curve an edge is drawn as. */
function control({ edge, a, b }: Line): { x: number; y: number } {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const x = (a.x + b.x) / 2 - ((b.y - a.y) / length) * edge.bend * 2;
  const y = (a.y + b.y) / 2 + ((b.x - a.x) / length) * edge.bend * 2;
  return { x: Math.round(x), y: Math.round(y) };
}

/** The curve that an edge is drawn as. */
export function curve(line: Line): string {
  const { x, y } = control(line);
  return `M${line.a.x} ${line.a.y}Q${x} ${y} ${line.b.x} ${line.b.y}`;
}

function middle(line: Line): { x: number; y: number } {
  const { x, y } = control(line);
  return { x: (line.a.x + line.b.x + 2 * x) / 4, y: (line.a.y + line.b.y + 2 * y) / 4 };
}

/** The curves along a path; a hop with several edges is drawn along the first. */
function pathCurves(lines: Line[], path: PathStretch): string[] {
  return path.nodes.slice(1).flatMap((node, index) => {
    const from = path.nodes[index];
    const line = lines.find(
      ({ edge }) => (edge.a === from && edge.b === node) || (edge.b === from && edge.a === node),
    );
    return line ? [curve(line)] : [];
  });
}

function cross(x: number, y: number, size: number): Html {
  return html`<path class="cross" d="M${x - size} ${y - size}l${size * 2} ${size * 2}m0 ${-size * 2}l${-size * 2} ${size * 2}"/>`;
}

function faultOf(moment: Moment, name: string): string | undefined {
  if (name !== 'controller') return moment.faults.get(name);
  return [...moment.faults.values()].find((kind) => ofControllers.has(kind));
}

/** Drawings of more nodes get as much room as the page has. */
const largeFrom = 40;

const controllerPicture: NodePicture = { shape: 'rectangle', width: 104, height: 30, corner: 15 };

/** What a drawn node is called. */
export const nounOf = ({ kind }: DrawnNode) => (kind === 'controller' ? kind : nodeNouns[kind][0]);

/** The shape of a node of a kind. */
export function shapeOf(node: DrawnNode): Html {
  const { x, y, kind } = node;
  const picture = kind === 'controller' ? controllerPicture : nodePictures[kind];
  if (picture.shape === 'circle') {
    return html`<circle cx="${x}" cy="${y}" r="${picture.radius}"/>`;
  }
  const { width, height, corner } = picture;
  return html`<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="${corner}"/>`;
}

function drawnNode(node: DrawnNode, moment: Moment): Html {
  const fault = faultOf(moment, node.name);
  const dead = fault !== undefined && deadly.has(fault);
  const state = dead ? 'dead' : fault !== undefined ? 'hurt' : '';
  const inside = node.kind === 'controller';
  const note = fault === undefined ? '' : dead ? fault : `${fault} (still up)`;
  return html`<g class="node ${node.kind} ${state}" data-node="${node.name}" data-state="${state || 'up'}">
    <title>${node.name}, ${nounOf(node)}${note && `: ${note}`}</title>
    ${shapeOf(node)}
    ${dead && cross(node.x, node.y, 13)}
    <text x="${node.x}" y="${inside ? node.y + 4 : node.y + 35}">${shortened(node.name, 16)}</text>
    ${note !== '' && html`<text class="note" x="${node.x}" y="${inside ? node.y + 30 : node.y - 25}">${note}</text>`}
  </g>`;
}

function drawnLine(line: Line, moment: Moment): Html {
  const { edge } = line;
  const fault = moment.faults.get(edge.id);
  const at = middle(line);
  return html`<g data-edge="${edge.id}"><title>${edge.id}, ${edge.kind} ${edge.a} – ${edge.b}${fault && `: ${fault}`}</title>
    <path class="edge ${edge.kind} ${fault === undefined ? '' : 'hurt'}" d="${curve(line)}"/>
    ${fault !== undefined && deadly.has(fault) && cross(at.x, at.y, 10)}
  </g>`;
}

/** Whether packets of this path arrive at the moment. */
function broken(path: PathStretch, moment: Moment): boolean {
  const killed = path.nodes.some((node) => deadly.has(moment.faults.get(node) ?? ''));
  return killed || !path.complete || (moment.era === 'during' && moment.losing.length > 0);
}

function same(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((node, index) => node === b[index]);
}

/** The forward way, and the reverse only where it takes another one. */
export function distinctPaths(paths: PathStretch[]): PathStretch[] {
  return paths.filter(
    (path, index) =>
      !paths.slice(0, index).some((earlier) => same([...earlier.nodes].reverse(), path.nodes)),
  );
}

/** The drawing at a moment, with a text of the same content for those who do not see it. */
export function topologySvg(drawing: Drawing, moment: Moment): Html {
  const lines = linesOf(drawing);
  const now = distinctPaths(moment.paths);
  const old = moment.era === 'before' ? [] : distinctPaths(moment.pathsBefore);
  const size = drawing.nodes.length > largeFrom ? 'large' : '';
  return html`<svg class="topology ${size}" viewBox="0 0 ${drawing.width} ${drawing.height}" role="img" aria-label="${momentText(moment)}" data-era="${moment.era}">
    ${lines.map((line) => drawnLine(line, moment))}
    ${old.map((path) => pathCurves(lines, path).map((d) => html`<path class="way old" d="${d}"/>`))}
    ${now.map((path) => {
      const state = broken(path, moment) ? 'broken' : moment.era === 'before' ? 'first' : 'new';
      return pathCurves(lines, path).map(
        (d) => html`<path class="way ${state}" data-way="${path.nodes.join(' ')}" d="${d}"/>`,
      );
    })}
    ${drawing.nodes.map((node) => drawnNode(node, moment))}
  </svg>`;
}

function pathText(path: PathStretch): string {
  const way = path.nodes.join(' → ');
  return path.complete ? way : `${way || path.from} (does not arrive)`;
}

/** One sentence about the moment. */
export function momentText(moment: Moment): string {
  const since =
    moment.sinceFaultMs === null
      ? 'before the fault'
      : `${formatMs(moment.sinceFaultMs)} after the fault`;
  const faults = [...moment.faults].map(([target, kind]) => `${kind} on ${target}`);
  const loss =
    moment.losing.length === 0
      ? 'packets arrive'
      : `packets are lost ${moment.losing.join(' and ')}`;
  const ways = distinctPaths(moment.paths).map(pathText);
  return [since, loss, ...faults, ways.length === 0 ? 'path not recorded' : ways.join('; ')].join(
    ', ',
  );
}

/** The ways before, during and after the fault, in words. */
export function eras(paths: PathStretch[]): Html {
  const titles = { before: 'Before', during: 'During', after: 'After', healed: 'Healed' };
  const anyHealed = paths.some((path) => path.era === 'healed');
  const shown = (['before', 'during', 'after', 'healed'] as const).filter(
    (era) => era !== 'healed' || anyHealed,
  );
  return html`<dl class="eras">${shown.map((era) => {
    const found = distinctPaths(paths.filter((path) => path.era === era));
    const ways = [...new Set(found.map(pathText))];
    const words = era === 'during' ? 'no other path was installed' : 'not recorded';
    return html`<div><dt class="${era}">${titles[era]}</dt>${ways.length === 0 ? html`<dd>${words}</dd>` : ways.map((way) => html`<dd>${named(way)}</dd>`)}</div>`;
  })}</dl>`;
}
