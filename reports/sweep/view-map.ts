/** The map of a sweep as SVG: every element coloured by how long its loss is felt. */
import type { SweepResult } from '../../harness/judge/sweep.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import type { Drawing, DrawnNode } from '../html/data.js';
import { type Html, html, shortened } from '../html/markup.js';
import { curve, linesOf, nounOf, shapeOf } from '../html/view/topology.js';
import { mapLevels } from './map.js';
import { caseAnchor, largestText, levelOrder, levelWords, type MapLevel } from './words.js';

interface Place {
  level: MapLevel;
  /** Where its case is told; null = it has none. */
  anchor: string | null;
  words: string;
}

/** The drawing, with a text of the same content for those who do not see it. */
export function mapSvg(result: SweepResult, scenario: ResolvedScenario, drawing: Drawing): Html {
  const places = placesOf(result, scenario);
  const at = (name: string) => places.get(name);
  return html`<svg class="topology felt-map" viewBox="0 0 ${drawing.width} ${drawing.height}" role="group" aria-label="Map: every element by how long its loss is felt">
    ${linesOf(drawing).map((line) => {
      const { id, a, b } = line.edge;
      const place = at(id);
      const drawn = html`<title>${id}, ${a} – ${b}: ${place?.words ?? 'not failed'}</title>
      <path class="reach" d="${curve(line)}"/><path class="wire felt-${place?.level ?? 'untried'}" d="${curve(line)}"/>`;
      return linked(drawn, id, place);
    })}
    ${drawing.nodes.map((node) => linked(drawnNode(node, at(node.name)), node.name, at(node.name)))}
  </svg>`;
}

function drawnNode(node: DrawnNode, place: Place | undefined): Html {
  const y = node.kind === 'controller' ? node.y + 4 : node.y + 35;
  const sign = place ? ` ${levelWords[place.level].sign}` : '';
  return html`<title>${node.name}, ${nounOf(node)}${place ? `: ${place.words}` : ''}</title>
    <g class="node ${place ? `felt-${place.level}` : 'host'}">${shapeOf(node)}
    <text x="${node.x}" y="${y}">${shortened(node.name, 16)}${sign}</text></g>`;
}

function linked(drawn: Html, name: string, place: Place | undefined): Html {
  if (!place?.anchor) return html`<g data-element="${name}">${drawn}</g>`;
  return html`<a href="#${place.anchor}" data-element="${name}" aria-label="${name} ${levelWords[place.level].sign} ${place.words}">${drawn}</a>`;
}

function placesOf(result: SweepResult, scenario: ResolvedScenario): Map<string, Place> {
  const cases = new Map(
    [...result.cases]
      .reverse()
      .flatMap((one) => (one.failures.length === 1 ? [[one.failures[0]?.element.name, one]] : [])),
  );
  const levels = [...mapLevels(result, scenario)];
  return new Map(
    levels.map(([name, level]) => {
      const one = cases.get(name);
      const told = typeof one === 'object' ? one : undefined;
      const outage = told && told.valid > 0 ? `, outage ${largestText(told)}` : '';
      const words = `${levelWords[level].words}${outage}`;
      return [name, { level, anchor: told ? caseAnchor(told) : null, words }];
    }),
  );
}

/** How many elements are of each level, and what its colour and sign mean. */
export function mapLegend(result: SweepResult, scenario: ResolvedScenario): Html {
  const levels = [...mapLevels(result, scenario).values()];
  const used = levelOrder.filter((level) => levels.includes(level));
  return html`<ul class="map-legend">${used.map((level) => {
    const { sign, words } = levelWords[level];
    const count = levels.filter((each) => each === level).length;
    return html`<li><span class="swatch felt-${level}" aria-hidden="true">${sign}</span> ${words} <small>${count}</small></li>`;
  })}</ul>`;
}
