/** Goal: long names stay readable in a sweep's table and on its map, on narrow and wide screens. */
import { expect, test } from '@playwright/test';
import { line, meter } from '../../harness/index.js';
import { loadScenario } from '../../harness/language/load.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { packageRoot } from '../../harness/package-root.js';
import { drawingOf } from '../../reports/html/view/topology-layout.js';
import { renderSweep } from '../../reports/sweep/terminal.js';
import { renderTable } from '../../reports/terminal/table.js';
import {
  constructedSweep,
  leafSpineScenario,
  plannedSweep,
  resolved,
} from '../fixtures/constructed-sweep.js';

async function abilene(): Promise<ResolvedScenario> {
  const { written } = await loadScenario('abilene', packageRoot());
  return resolved(written, 'abilene');
}

for (const columns of [80, 120]) {
  test(`${columns} columns: each node's name is whole on the map, each link's name is legible`, async () => {
    const scenario = await abilene();
    const plan = plannedSweep(scenario, { elements: ['links'] });
    const tookOver = 'sunnyvale';
    const swept = constructedSweep(scenario, plan, () => ({ outageMs: 250, tookOver }));
    const text = renderSweep(swept, scenario, { columns, colour: false });
    const lines = text.split('\n');
    expect(lines.filter((one) => one.length > columns)).toEqual([]);
    for (const { name, kind } of scenario.topology.nodes) {
      if (kind === 'router') expect(text, name).toContain(`[${name} `);
    }
    for (const { failures } of plan.cases) {
      const name = failures[0]?.element.name ?? '';
      expect(lines.some((one) => one.includes(name.slice(0, 15)))).toBe(true);
    }
    expect(lines.filter((one) => one.includes('cable-cut') && /pass|fail/.test(one))).toHaveLength(
      plan.cases.length,
    );
  });
}

test('of two columns that give way, the wider one does first, and neither disappears', () => {
  const head = [
    { title: 'fails', align: 'left' as const, shrinks: true },
    { title: 'took over', align: 'left' as const, shrinks: true },
    { title: 'verdict', align: 'left' as const },
  ];
  const rows = [['a'.repeat(10), 'b'.repeat(40), 'pass']];
  const widthsAt = (columns: number) =>
    renderTable(head, rows, { columns })[1]
      ?.split(/ {2,}/)
      .map((cell) => cell.length);
  expect(widthsAt(70)).toEqual([10, 40, 4]);
  expect(widthsAt(40)).toEqual([10, 19, 4]);
  expect(widthsAt(29)).toEqual([9, 9, 4]);
  expect(widthsAt(10)?.slice(0, 1)).toEqual([6]);
});

test('a row with many cross links is laid out in both directions, a plain row is not', async () => {
  const rowsOf = (scenario: ResolvedScenario) =>
    new Set(drawingOf(scenario)?.nodes.map(({ y }) => y)).size;
  expect(rowsOf(await abilene())).toBeGreaterThan(4);
  const plain = {
    ...leafSpineScenario(2, 1),
    ...{ topology: [line(8)], expect: [], timeline: [], limits: { duration: '5s' as const } },
    traffic: [meter('h1', 'h8')],
  };
  expect(rowsOf(resolved(plain))).toBeLessThan(4);
});
