/** What `failover-lab init` lets a reader choose, and the template behind each choice. */

export interface NetworkChoice {
  words: string;
  /** Name of the scenario that is written. */
  scenario: string;
  /** Below templates/scenarios/. */
  template: string;
}

export const networks = {
  overlay: {
    words: 'relays joined by tunnels, with a controller',
    scenario: 'relay-loses-power',
    template: 'overlay.ts',
  },
  switches: {
    words: 'plain switches with a spanning tree',
    scenario: 'link-goes-down',
    template: 'switches.ts',
  },
  routers: {
    words: "routers with FRR's OSPF and BFD",
    scenario: 'router-loses-power',
    template: 'routers.ts',
  },
} as const satisfies Record<string, NetworkChoice>;

export interface PipelineChoice {
  words: string;
  /** Below templates/ci/, and where it is written. */
  file?: { template: string; path: string };
}

export const pipelines = {
  github: {
    words: 'GitHub Actions',
    file: { template: 'github.yml', path: '.github/workflows/failover.yml' },
  },
  gitlab: { words: 'GitLab CI', file: { template: 'gitlab.yml', path: '.gitlab-ci.yml' } },
  jenkins: { words: 'Jenkins', file: { template: 'Jenkinsfile', path: 'Jenkinsfile' } },
  none: { words: 'no job' },
} as const satisfies Record<string, PipelineChoice>;

export type Network = keyof typeof networks;
export type Pipeline = keyof typeof pipelines;
