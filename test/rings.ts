/**
 * The rings of tests, from pure functions to real networks, and what each may run beside. One list:
 * Playwright's projects and the order of `npm test` are made from it.
 */

/** What asserts measured times has the machine to itself. */
export const measuringLabs = [
  'controller-failover',
  'faults',
  'first-hour',
  'flows',
  'host-mode',
  'imports',
  'main-job',
  'meter',
  'mininet-files',
  'ordinary-user',
  'oversize',
  'phases-outside',
  'playwright-integration',
  'resume',
  'reuse',
  'routers',
  'shaped',
] as const;
