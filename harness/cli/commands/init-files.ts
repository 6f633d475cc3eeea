/** The files of a new project, from the templates of the package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../package-root.js';
import {
  type Network,
  networks,
  type Pipeline,
  type PipelineChoice,
  pipelines,
} from '../program/init-choices.js';

export interface ProjectChoices {
  /** Name of the npm package, made from the folder's. */
  name: string;
  network: Network;
  ci: Pipeline;
  /** failover-lab as npm installs it. Left out: this version or a newer one of its kind. */
  spec?: string;
}

export interface ProjectFile {
  /** Relative to the project's folder. */
  path: string;
  content: string;
}

/** In the order in which they are written and listed. */
export function projectFiles({ name, network, ci, spec }: ProjectChoices): ProjectFile[] {
  const { scenario, template } = networks[network];
  const { file }: PipelineChoice = pipelines[ci];
  const job = file && {
    path: file.path,
    content: templateOf('ci', file.template).replaceAll('SCENARIO', scenario),
  };
  return [
    { path: 'package.json', content: packageJson(name, scenario, spec ?? `^${packageVersion()}`) },
    { path: 'tsconfig.json', content: json(tsconfig) },
    { path: '.gitignore', content: 'node_modules/\nruns/\n' },
    { path: `scenarios/${scenario}.ts`, content: templateOf('scenarios', template) },
    ...(job ? [job] : []),
  ];
}

/** A name that npm accepts, made from a folder's. Pure. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 100);
  return name === '' || name === 'failover-lab' ? 'failover-scenarios' : name;
}

function packageJson(name: string, scenario: string, spec: string): string {
  return json({
    name,
    private: true,
    type: 'module',
    scripts: {
      scenario: `failover-lab run ${scenario}`,
      gate: `failover-lab gate ${scenario}`,
      show: 'failover-lab show',
    },
    devDependencies: { 'failover-lab': spec },
  });
}

/** For editors: the scenarios are run without a compiler. */
const tsconfig = {
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    types: [],
    noEmit: true,
  },
  include: ['scenarios'],
};

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function templateOf(folder: string, file: string): string {
  return readFileSync(join(packageRoot(), 'templates', folder, file), 'utf8');
}
