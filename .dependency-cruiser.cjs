/**
 * The law of imports: they point one way (ARCHITECTURE.md). A leaf that anyone may import has no
 * rule of its own, such as harness/errors.ts: `leaves` lists them.
 */
const leaves =
  '^harness/(errors|clock|package-root|bounded-json|line-reader|abortable|safe-files|source-places)\\.ts$';
const folder = (...names) => `^harness/(${names.join('|')})/`;
/** Data that every room speaks, and descriptions of kinds. */
const pure = ['kinds', 'model'];
/** What a lab drives. They share a client and data, and do not know each other. */
const driven = ['nodes', 'faults', 'traffic', 'controllers', 'observe', 'mininet'];
const anything = '^(harness|reports|scenarios|test)/';

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'scenarios-use-the-door',
      comment: 'A scenario imports the package, as its users do.',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { path: '^(harness|reports|test)/', pathNot: '^harness/index\\.ts$' },
    },
    {
      name: 'door-shows-descriptions-only',
      comment: 'The door for scenario files offers scenarios and topologies, not the machinery.',
      severity: 'error',
      from: { path: '^harness/index\\.ts$' },
      to: { path: '^(harness|reports)/', pathNot: [folder('language', ...pure), leaves] },
    },
    {
      name: 'model-imports-leaves',
      comment: 'What every room speaks. Names of kinds are generated, without any code.',
      severity: 'error',
      from: { path: folder('model') },
      to: {
        path: anything,
        pathNot: [folder('model'), '^harness/kinds/generated/fault-names\\.ts$', leaves],
      },
    },
    {
      name: 'kinds-are-pure',
      comment: 'What a kind is, not how it is done: harness/lab does that.',
      severity: 'error',
      from: { path: folder('kinds') },
      to: { path: anything, pathNot: [folder('language', ...pure), leaves] },
    },
    {
      name: 'language-knows-descriptions-only',
      comment: 'The loader alone opens the door, to hand it to the scenario files it reads.',
      severity: 'error',
      from: { path: folder('language') },
      to: {
        path: anything,
        pathNot: [folder('language', ...pure), leaves, '^harness/index\\.ts$'],
      },
    },
    {
      name: 'doctor-does-no-faults',
      comment: 'The doctor concludes from what kinds need, not from how they are done.',
      severity: 'error',
      from: { path: folder('doctor') },
      to: { path: folder('lab/faults') },
    },
    {
      name: 'judge-is-pure',
      severity: 'error',
      from: { path: folder('judge') },
      to: { path: anything, pathNot: [folder('judge', ...pure), leaves] },
    },
    {
      name: 'sites-know-the-machine-only',
      comment:
        'A site starts a lab and knows nothing of what is inside; the doctor knows the machine.',
      severity: 'error',
      from: { path: folder('sites') },
      to: { path: anything, pathNot: [folder('sites', 'doctor', ...pure), leaves] },
    },
    {
      name: 'sites-are-folders',
      comment: 'One site is not known to others, but for what namespaces and sudo have in common.',
      severity: 'error',
      from: { path: '^harness/', pathNot: '^harness/sites/' },
      to: {
        path: '^harness/sites/(root|user|sudo|host|vm)/',
        // The runner removes the host's objects itself, where it is on the host.
        pathNot: '^harness/sites/host/objects\\.ts$',
      },
    },
    {
      name: 'lab-knows-its-site-only',
      comment: 'What runs in a site records; it judges and schedules nothing.',
      severity: 'error',
      from: { path: folder('lab') },
      to: { path: anything, pathNot: [folder('lab', 'sites', ...pure), leaves] },
    },
    ...driven.map((name) => ({
      name: `${name}-knows-the-client-only`,
      comment: 'What a lab drives knows the client and data, not its neighbours.',
      severity: 'error',
      from: { path: folder(`lab/${name}`) },
      to: {
        path: anything,
        pathNot: [folder(`lab/${name}`, ...pure), '^harness/lab/mininet/(client|protocol)', leaves],
      },
    })),
    {
      name: 'reports-know-the-judge',
      comment: 'A report is made from a recorded run, without any machinery.',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^(harness|scenarios|test)/', pathNot: [folder('judge', ...pure), leaves] },
    },
    {
      name: 'site-knows-documents-only',
      comment: 'The site of the documents is made from Markdown, and nothing is made from it.',
      severity: 'error',
      from: { path: '^docs/' },
      to: { path: anything, pathNot: leaves },
    },
    {
      name: 'harness-knows-no-outside',
      comment:
        'The door for programs and the command line join harness and reports; nothing else does.',
      severity: 'error',
      from: {
        path: '^harness/',
        pathNot: '^harness/(cli/|api/|playwright/|bench/|api\\.ts$|search\\.ts$)',
      },
      to: { path: '^(scenarios|reports|test)/' },
    },
    {
      name: 'sentences-of-reasons-are-in-reports',
      comment: 'What prints reasons takes their sentences from there, and nothing else.',
      severity: 'error',
      from: { path: folder('playwright', 'bench') },
      to: { path: '^(scenarios|reports|test)/', pathNot: '^reports/reasons/' },
    },
    {
      name: 'campaign-knows-no-door',
      comment: 'Trials are chosen and run for whoever asks: a command, a test, a program.',
      severity: 'error',
      from: { path: folder('campaign') },
      to: {
        path: anything,
        pathNot: [
          folder('campaign', 'sites', 'judge', 'lab', 'language', 'doctor', ...pure),
          leaves,
        ],
      },
    },
    {
      name: 'watch-knows-no-lab',
      comment: 'A watched network is not built here: its ends are programs on other machines.',
      severity: 'error',
      from: { path: folder('watch') },
      to: {
        path: anything,
        pathNot: [
          folder('watch', 'doctor', ...pure),
          '^harness/campaign/store/(history-writer|run-folder)\\.ts$',
          '^harness/lab/traffic/meter-protocol\\.ts$',
          '^harness/sites/(program-place|machine-places)\\.ts$',
          leaves,
        ],
      },
    },
    {
      name: 'strategies-are-pure',
      comment: 'Which trials come next follows from what is known, on any machine.',
      severity: 'error',
      from: { path: folder('campaign/strategies') },
      to: {
        path: anything,
        pathNot: [
          folder('campaign/(strategies|space)', 'judge', ...pure),
          '^harness/campaign/(strategy|trial-plan|store/read-run)\\.ts$',
        ],
      },
    },
    {
      name: 'spaces-are-pure',
      comment: 'What of a scenario can fail follows from the scenario, on any machine.',
      severity: 'error',
      from: { path: folder('campaign/space') },
      to: { path: anything, pathNot: [folder('campaign/space', ...pure), leaves] },
    },
    {
      name: 'commands-stand-on-the-door',
      comment: 'Words, screen and exit codes; what is done is done behind the door for programs.',
      severity: 'error',
      from: { path: '^harness/(cli|playwright|bench)/' },
      to: { path: folder('campaign'), pathNot: '^harness/campaign/(progress\\.ts$|store/)' },
    },
    {
      name: 'the-fixture-starts-the-command',
      comment:
        'It judges and reports through the door for programs, and leaves labs to the command.',
      severity: 'error',
      from: { path: folder('playwright') },
      to: {
        path: anything,
        pathNot: [
          folder('playwright', 'judge', 'model'),
          '^harness/api/(judge|report)\\.ts$',
          '^harness/sites/names\\.ts$',
          '^reports/reasons/',
          leaves,
        ],
      },
    },
    {
      name: 'the-door-is-for-programs',
      comment: 'What runs a lab does not know who asked for it.',
      severity: 'error',
      from: {
        path: '^harness/',
        pathNot: '^harness/(cli|playwright|bench|api)/|^harness/(api|search)\\.ts$',
      },
      to: { path: '^harness/(api/|api\\.ts$)' },
    },
    {
      name: 'cli-is-the-top',
      severity: 'error',
      from: { path: '^harness/', pathNot: '^harness/(cli|setup)/' },
      to: { path: '^harness/(cli|setup)/' },
    },
    {
      name: 'commands-are-loaded-when-called',
      comment: 'Words, options and help of all commands are in every start; what they do is not.',
      severity: 'error',
      from: { path: '^harness/cli/(program/|(main|options|arguments|screen)\\.ts$)' },
      to: {
        path: '^(harness|reports)/',
        pathNot: [
          '^harness/cli/(program/|(options|arguments|screen)\\.ts$)',
          '^harness/api/places\\.ts$',
          '^harness/language/controller-label\\.ts$',
          '^harness/model/routing-names\\.ts$',
          '^harness/sites/(names|guest|generated/sites|[a-z-]+/site-kind)\\.ts$',
          leaves,
        ],
        dependencyTypesNot: ['type-only'],
        dynamic: false,
      },
    },
    {
      name: 'judge-loads-no-processes',
      comment: 'Pure folders start nothing and read no files.',
      severity: 'error',
      from: { path: folder('judge', 'kinds', 'model/network') },
      to: { dependencyTypes: ['core'], path: '^(node:)?(child_process|fs|net|dgram|os)(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|runs|test/fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
