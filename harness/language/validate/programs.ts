/** Are the programs there that controller and nodes run? Looked up as the run will start them. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { nodeKindOf } from '../../kinds/node-tables.js';
import type { ResolvedController, ResolvedNode, ResolvedScenario } from '../../model/resolved.js';
import { quoted } from '../../model/units.js';
import type { Problem } from '../problems.js';

/** What is wrong with the programs of controller and nodes, as far as the file system shows it. */
export function checkPrograms({ controller, topology }: ResolvedScenario): Problem[] {
  const problem = problemOf(controller);
  return [...(problem === undefined ? [] : [problem]), ...nodeProblems(topology.nodes)];
}

/** One problem a package that is not installed. */
function nodeProblems(nodes: readonly ResolvedNode[]): Problem[] {
  const found = new Map<string, Problem>();
  const looked = new Map<string, boolean>();
  const isThere = (path: string) => {
    const known = looked.get(path) ?? isExecutable(path);
    looked.set(path, known);
    return known;
  };
  for (const node of nodes) {
    for (const program of nodeKindOf(node.kind).programs?.(node) ?? []) {
      if (found.has(program.package) || program.paths.some(isThere)) continue;
      found.set(program.package, {
        path: 'topology',
        message: `'${node.name}' runs ${program.name}, which is not installed`,
        hint: `apt-get install --no-install-recommends ${program.package}`,
        package: program.package,
      });
    }
  }
  return [...found.values()];
}

function problemOf(controller: ResolvedController): Problem | undefined {
  if (controller.kind === 'osken') {
    // A name without a slash is a Python module, which only Python can find.
    const place = controller.applications.findIndex((name) => name.includes('/') && !isFile(name));
    if (place < 0) return undefined;
    return {
      path: `controller.applications[${place}]`,
      message: `there is no file ${quoted(controller.applications[place] ?? '')}`,
      hint: 'applications are named by module, or by a path relative to the scenario file',
    };
  }
  if (controller.kind !== 'command' && controller.kind !== 'static-flows') return undefined;
  const [program = ''] = controller.argv;
  const wrong = program.includes('/') ? wrongFile(program) : wrongCommand(program);
  return wrong && { path: 'controller.argv[0]', ...wrong };
}

function wrongFile(program: string): Omit<Problem, 'path'> | undefined {
  if (!isFile(program)) {
    const hint = `relative paths start at the current folder of the command, here ${process.cwd()}`;
    return { message: `there is no file ${quoted(program)}`, hint };
  }
  if (isExecutable(program)) return undefined;
  return {
    message: `${quoted(program)} is not executable`,
    hint: `run chmod +x ${program}, or name its interpreter first: ['python3', '${program}']`,
  };
}

function wrongCommand(program: string): Omit<Problem, 'path'> | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  if (folders.some((folder) => isExecutable(join(folder, program)))) return undefined;
  const hint = `install it, or name a file with a path: './${program}'`;
  return { message: `there is no program ${quoted(program)} on PATH`, hint };
}

function isFile(path: string): boolean {
  return statSync(resolve(path), { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    accessSync(resolve(path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
