/** The command line. The only module of the harness that decides how a process ends. */
import { relative } from 'node:path';
import { Command, CommanderError } from 'commander';
import { scenarioRoot } from '../api/places.js';
import { exitCodes, LabError, messageOf } from '../errors.js';
import { packageVersion } from '../package-root.js';
import { withSourcePlaces } from '../source-places.js';
import { refuseMeaningless, refuseSwallowedByNpm } from './arguments.js';
import type { CommandContext } from './context.js';
import { addBench } from './program/bench.js';
import { addClean } from './program/clean.js';
import { addCompare } from './program/compare.js';
import { addCompletion, completeWord, completionWord } from './program/completion.js';
import { addDiff } from './program/diff.js';
import { addDrive } from './program/drive.js';
import { addFar } from './program/far.js';
import { addGate } from './program/gate.js';
import { addImage } from './program/image.js';
import { addImport } from './program/import.js';
import { addInit } from './program/init.js';
import { addInspection } from './program/inspection.js';
import { addKernel } from './program/kernel.js';
import { addPastRuns } from './program/past-runs.js';
import { addReplay } from './program/replay.js';
import { addReport } from './program/report.js';
import { addRun } from './program/run.js';
import { addSearch } from './program/search.js';
import { addShell } from './program/shell.js';
import { addShow } from './program/show.js';
import { addSweep } from './program/sweep.js';
import { addWatch } from './program/watch.js';
import { addWorker } from './program/worker.js';
import { realScreen, type Screen } from './screen.js';

/** What the program that starts this one can do for a command. */
export interface StartHelp {
  /** Install Debian packages that nodes of the scenario run, after a question. Throws a reason. */
  installForNodes?(packages: readonly string[]): Promise<void>;
}

/** Run the command line; resolves with the exit code. Never throws. */
export async function main(argv: string[], help: StartHelp = {}): Promise<number> {
  const screen = realScreen();
  let exitCode: number = exitCodes.pass;
  const context: CommandContext = {
    root: scenarioRoot(),
    screen,
    exit: (code) => {
      exitCode = code;
    },
    relative: (path) => relative(process.cwd(), path) || '.',
  };
  try {
    refuseSwallowedByNpm(argv, process.env);
    if (argv[0] !== completionWord) refuseMeaningless(argv);
    const program = buildProgram(context);
    if (argv[0] === completionWord) await completeWord(program, argv.slice(1), context);
    else await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const packages = packagesMissing(thrown);
    if (packages.length > 0 && help.installForNodes) {
      const installed = await help.installForNodes(packages).then(
        () => true,
        (failure: unknown) => {
          screen.err(`${messageOf(failure)}\n`);
          return false;
        },
      );
      return installed ? main(argv) : exitCodes.machineLacks;
    }
    return await tell(thrown, screen, argv.includes('--json'));
  }
}

/** The packages that are all a scenario lacks; none where something else is wrong as well. */
function packagesMissing(thrown: unknown): string[] {
  if (!(thrown instanceof LabError) || thrown.code !== 'SCENARIO_INVALID') return [];
  const { problems } = thrown.details;
  if (!Array.isArray(problems)) return [];
  const packages = problems.map((problem: { package?: unknown }) => problem.package);
  return packages.every((name) => typeof name === 'string') ? packages : [];
}

export function buildProgram(context: CommandContext): Command {
  const program = new Command('failover-lab')
    .description('Find out how long a network stays dark when a node dies, and why.')
    .configureOutput({ writeOut: context.screen.out, writeErr: context.screen.err })
    .configureHelp({ helpWidth: context.screen.columns })
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `\nfailover-lab COMMAND --help prints every option of a command.\n\nExit codes:\n${exitCodeTable()}`,
    );
  // By task, in the order in which a new user needs them.
  program.commandsGroup('Begin:');
  addInit(program, context);
  addImport(program, context);
  addInspection(program, context);
  program.commandsGroup('Measure:');
  addRun(program, context);
  addCompare(program, context);
  addSweep(program, context);
  addSearch(program, context);
  addGate(program, context);
  addDrive(program, context);
  addShell(program, context);
  addWatch(program, context);
  program.commandsGroup('Look at runs:');
  addReport(program, context);
  addDiff(program, context);
  addReplay(program, context);
  addShow(program, context);
  addPastRuns(program, context);
  program.commandsGroup('The machine and the instruments:');
  addImage(program, context);
  addKernel(program, context);
  addClean(program, context);
  addBench(program, context);
  addCompletion(program, context);
  addWorker(program, context);
  addFar(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** The table of exit codes, for --help. */
function exitCodeTable(): string {
  const meanings: Record<keyof typeof exitCodes, string> = {
    pass: 'every expectation holds',
    fail: 'an expectation does not hold',
    inconclusive: 'no conclusion; the reasons are printed',
    regression: 'slower than the baseline (gate)',
    wrongUse: 'wrong usage or an invalid scenario',
    machineLacks: 'the machine lacks something; see failover-lab doctor',
    internal: 'an error of failover-lab itself',
    interrupted: 'interrupted; what was recorded so far is kept',
  };
  return Object.entries(exitCodes)
    .map(
      ([name, code]) =>
        `  ${String(code).padStart(3)}  ${meanings[name as keyof typeof exitCodes]}`,
    )
    .join('\n');
}

async function tell(thrown: unknown, screen: Screen, json: boolean): Promise<number> {
  const print = (error: object) => {
    if (json) screen.out(`${JSON.stringify({ error }, null, 2)}\n`);
  };
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0;
    // Commander has printed it for people.
    print({ code: 'WRONG_USE', message: thrown.message.replace(/^error: /, '') });
    return exitCodes.wrongUse;
  }
  if (thrown instanceof LabError) {
    const { code, message, hint, details } = thrown;
    print({ code, message, hint, details });
    const { errorText } = await import('./error-text.js');
    screen.err(errorText(thrown));
    return thrown.exitCode;
  }
  print({ code: 'INTERNAL', message: messageOf(thrown) });
  screen.err(`${withSourcePlaces(thrown instanceof Error ? `${thrown.stack}` : String(thrown))}\n`);
  return exitCodes.internal;
}
