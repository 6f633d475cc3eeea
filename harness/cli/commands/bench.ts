/** `failover-lab bench <name>`: what is claimed, measured; a table for people or `--json`. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { addBenchBusy } from './bench-busy.js';
import { addBenchGate } from './bench-gate.js';
import { addBenchMeter } from './bench-meter.js';
import { addBenchOverhead } from './bench-overhead.js';
import { addBenchReport } from './bench-report.js';
import { addBenchResolve } from './bench-resolve.js';
import { addBenchSoak } from './bench-soak.js';

export function addBench(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure what is claimed');
  addBenchMeter(bench, context);
  addBenchOverhead(bench, context);
  addBenchReport(bench, context);
  addBenchGate(bench, context);
  addBenchResolve(bench, context);
  addBenchSoak(bench, context);
  addBenchBusy(bench, context);
}
