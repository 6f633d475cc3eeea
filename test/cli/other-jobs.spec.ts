/**
 * The jobs that `init` writes for GitLab and Jenkins: GitLab's own schema accepts one, and a grammar
 * of Groovy with the sections of a declarative pipeline the other. Both find what is wrong.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { parse } from 'yaml';
import { packageRoot } from '../../harness/package-root.js';

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');

/** What GitLab would refuse, as `path: message`. */
function gitlabProblems(job: string): string[] {
  const schema = JSON.parse(read('test/fixtures/ci/gitlab-ci.schema.json'));
  const valid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  if (valid(parse(job))) return [];
  return (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

test("GitLab's schema accepts the job, and finds what is wrong", () => {
  const job = read('templates/ci/gitlab.yml').replaceAll('SCENARIO', 'mine');
  expect(gitlabProblems(job)).toEqual([]);
  const wrong = [
    ['when: always', 'when: allways'],
    ['script:\n', 'scripts:\n'],
    ['timeout: 45 minutes', 'timeout: [45]'],
    ['paths: [failover.md, runs]', 'path: [failover.md, runs]'],
  ] as const;
  for (const [from, to] of wrong) {
    expect(job).toContain(from);
    expect(gitlabProblems(job.replace(from, to)), to).not.toEqual([]);
  }
});

/** Sections of a declarative pipeline, by where they may stand. */
const sections: Record<string, readonly string[]> = {
  '': ['pipeline'],
  pipeline: 'agent stages post environment options parameters triggers tools'.split(' '),
  stages: ['stage'],
  stage: 'agent environment options steps stages post when tools input parallel'.split(' '),
  post: 'always changed failure success unstable aborted cleanup fixed regression'.split(' '),
};

interface Block {
  name: string;
  within: string;
}

/** Blocks in braces, with the block that each stands in. */
function blocksIn(node: Node, within = ''): Block[] {
  const body = node.childForFieldName('body');
  const name = node.childForFieldName('name')?.text;
  const own = body && name !== undefined ? [{ name, within }] : [];
  const inside = own[0]?.name ?? within;
  const children = node.children.filter((child) => child !== null);
  return [...own, ...children.flatMap((child) => blocksIn(child, inside))];
}

async function jenkinsProblems(job: string): Promise<string[]> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve(
    'tree-sitter-groovy/tree-sitter-groovy.wasm',
  );
  const parser = new Parser();
  parser.setLanguage(await Language.load(new Uint8Array(readFileSync(grammar))));
  const root = parser.parse(job)?.rootNode;
  if (!root || root.hasError) return ['not Groovy'];
  const blocks = blocksIn(root);
  const misplaced = blocks
    .filter(({ name, within }) => sections[within]?.includes(name) === false)
    .map(({ name, within }) => `${name} in ${within || 'the file'}`);
  const held = new Set(blocks.map(({ name, within }) => `${within}/${name}`));
  const needed = ['/pipeline', 'pipeline/agent', 'pipeline/stages', 'stages/stage', 'stage/steps'];
  return [...misplaced, ...needed.filter((one) => !held.has(one)).map((one) => `no ${one}`)];
}

test('the stage for Jenkins is Groovy with the sections of a pipeline', async () => {
  const job = read('templates/ci/Jenkinsfile').replaceAll('SCENARIO', 'mine');
  expect(await jenkinsProblems(job)).toEqual([]);
  const wrong = [
    ['steps {', 'step {', 'step in stage'],
    ['always {', 'allways {', 'allways in post'],
    ["stage('failover')", "stages('failover')", 'stages in stages'],
    ["sh 'npm ci'", "sh 'npm ci", 'not Groovy'],
  ] as const;
  for (const [from, to, says] of wrong) {
    expect(job).toContain(from);
    expect(await jenkinsProblems(job.replace(from, to)), to).toContain(says);
  }
});
