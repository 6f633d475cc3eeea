/** The right outcome of every case: what a user who brings this input must see. */

export interface ExpectedCase {
  file: string;
  /** `run` builds a network; `validate` starts nothing. */
  command: 'run' | 'validate' | 'validate --json';
  /** Exit codes that are right. */
  exit: readonly number[];
  /** What the output must hold; white space counts as one space. */
  shows: readonly RegExp[];
  /** What it must not hold. */
  hides?: readonly RegExp[];
  /** In words, for the table. */
  right: string;
}

const stackTrace = /\n\s+at .*:\d+:\d+|Traceback \(most recent/;
const pass = { command: 'run', exit: [0], hides: [stackTrace] } as const;
const valid = { command: 'validate', exit: [0], shows: [/: valid/] } as const;
const refused = { command: 'validate', exit: [64], hides: [stackTrace, /: valid/] } as const;

export const expectedCases: readonly ExpectedCase[] = [
  {
    ...{ file: 'd-udpbidir.ts', command: 'run', exit: [0, 1, 2], hides: [stackTrace, /ZodError/] },
    shows: [/PASS|FAIL|INCONCLUSIVE/, /u:reverse/],
    right: 'judged, whatever iperf3 prints',
  },
  {
    ...{ file: 'd-ff-port.ts', ...pass, shows: [/PASS/, /UDP port 7001|clean probes/] },
    right: 'runs, and passes',
  },
  { file: 'd-ff-ip.ts', ...pass, shows: [/PASS/], right: 'runs, and passes' },
  {
    ...{ file: 'd-ecmp-watch.ts', ...pass, shows: [/PASS/, /stream 8/] },
    right: 'ready by clean probes; eight streams, one by one',
  },
  {
    // Port 2 leads to s3, so the group's first way does not use the link that goes down.
    ...{ file: 'g-ports-static.ts', command: 'run', exit: [2], hides: [stackTrace] },
    shows: [/s1-eth3 and s2-eth3/, /no effect/],
    right: "Mininet's own port numbers: port 3 is the link that goes down",
  },
  {
    ...{ file: 'g-values-bwzero.ts', ...refused, shows: [/s1/, /s2/, /\b0\b/] },
    right: 'refused: both nodes, the value, the bounds',
  },
  {
    ...{ file: 'g-values-loss101.ts', ...refused, shows: [/s1/, /s2/, /101/, /100/] },
    right: 'refused: both nodes, the value, the bounds',
  },
  { file: 'g-miniedit-lab.ts', ...refused, shows: [/Topo/], right: 'refused, with the way out' },
  { file: 'd-fabric.ts', ...valid, right: 'valid' },
  {
    ...{
      file: 'g-show-opts.ts',
      command: 'validate',
      exit: [0],
      shows: [/failMode|standalone/, /stp/i],
    },
    right: 'failMode and stp applied, or reported',
  },
  {
    file: 'g-wan_s0-wan.ts',
    ...valid,
    shows: [/: valid/, /dpid|datapath id/],
    right: 'a free dpid, with a note',
  },
  {
    ...{ file: 'g-ring_opts-bare.ts', command: 'validate --json', exit: [0] },
    ...{
      shows: [/"10\.0\.0\.1\/8"/, /"10\.0\.0\.2\/8"/, /"10\.0\.0\.3\/8"/],
      right: '/8, as Mininet takes them',
    },
  },
  {
    ...{ file: 'g-mixip-mixed.ts', command: 'validate --json', exit: [0] },
    shows: [/"10\.0\.0\.50\/8"/, /"10\.0\.0\.2\/8"/, /"10\.0\.0\.3\/8"/],
    right: 'h1 10.0.0.50, h2 10.0.0.2, h3 10.0.0.3',
  },
  { file: 'g-loading-sites.ts', ...valid, right: 'loads as under mn --custom' },
  {
    ...{ file: 'g-dup-twin.ts', ...refused, shows: [/s1/, /host/, /switch/] },
    right: 'refused: the name that stands twice, and both its kinds',
  },
  {
    ...{ file: 'v-ambiguous.ts', ...refused, shows: [/s1-s2/, /s1-s2-2|s1-s2_2|s1-s2#2/] },
    right: 'refused: which of the two cables',
  },
  {
    ...{ file: 'd-jumbo.ts', command: 'run', exit: [0, 1], hides: [stackTrace] },
    shows: [/ping of 9000 bytes/, /only after the heal/],
    right: 'full-size pings; "only after the heal, after …"',
  },
  {
    ...{ file: 'd-dual-host.ts', command: 'run', exit: [1], hides: [stackTrace] },
    shows: [/FAIL/, /until the heal/],
    right: 'censored at the heal, fail',
  },
  {
    ...{ file: 'd-idle.ts', command: 'run', exit: [0, 1], hides: [stackTrace] },
    shows: [/idle timeout of 3 s were kept alive by the probes/, /sparse meter/],
    right: 'reported: probes keep flows alive',
  },
  {
    ...{
      file: 'd-idle-sparse.ts',
      command: 'run',
      exit: [0],
      hides: [stackTrace, /were kept alive/],
    },
    ...{
      shows: [/PASS/],
      right: 'a sparse meter runs, without the remark that it kept flows alive',
    },
  },
  {
    ...{ file: 'd-static-any.ts', command: 'run', exit: [2], hides: [stackTrace] },
    shows: [/nothing listened on port/, /staticFlows\(\[/],
    right: 'refused at start, naming staticFlows',
  },
  { file: 'd-static-flows.ts', ...pass, shows: [/PASS/], right: 'flows without a controller hold' },
];
