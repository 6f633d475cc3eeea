/**
 * What a page carries: plain data, made once by `page-data.ts` and read by the views, which run
 * both while rendering and in the browser.
 */

import type { CompareSide } from '../../harness/judge/compare.js';
import type { NodeKind } from '../../harness/model/node-traits.js';
import type { RunResult } from '../../harness/model/result.js';

/** One node of the drawing; coordinates are units of the SVG's view box. */
export interface DrawnNode {
  name: string;
  kind: NodeKind | 'controller';
  x: number;
  y: number;
}

export interface DrawnEdge {
  id: string;
  kind: 'link' | 'tunnel';
  a: string;
  b: string;
  /** How far the middle of the line is bent away from straight, in view box units. */
  bend: number;
}

export interface Drawing {
  width: number;
  height: number;
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

/** How much of the history the page carries. */
export interface EventExtent {
  total: number;
  embedded: number;
  /** Kinds of which only a part is here. */
  thinned: string[];
}

export interface PageData {
  result: RunResult;
  drawing: Drawing | null;
  /** Per trial: CLOCK_MONOTONIC of the start of traffic, which is zero of the charts. */
  zeroNs: Array<number | null>;
  /** Sides of a comparison; empty when the run stands alone. */
  compare: CompareSide[];
  events: EventExtent;
  scenarioJson: string;
}
