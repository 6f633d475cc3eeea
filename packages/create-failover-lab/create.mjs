#!/usr/bin/env node
/** `npm create failover-lab [folder]`: failover-lab init, with the same words. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const start = new URL(
  './harness/setup/start.mjs',
  import.meta.resolve('failover-lab/package.json'),
);
const words = [fileURLToPath(start), 'init', ...process.argv.slice(2)];
const { status, error } = spawnSync(process.execPath, words, { stdio: 'inherit' });
if (error) throw error;
process.exitCode = status ?? 70;
