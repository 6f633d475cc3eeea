/**
 * Debian packages start their services when they are installed, unless `/usr/sbin/policy-rc.d`
 * forbids it (deb-systemd-invoke(1), invoke-rc.d(8)): exit code 101 means "not allowed".
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { say } from './say.mjs';

const policyPath = '/usr/sbin/policy-rc.d';
const policy =
  '#!/bin/sh\n# Written by failover-lab for one installation, and removed after it.\nexit 101\n';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function isOurs() {
  return readFileSync(policyPath, 'utf8') === policy;
}

/** Runs `work` under a policy that forbids starting services, and removes that policy again. */
export async function withoutServices(work) {
  if (existsSync(policyPath) && !isOurs()) {
    say(`${policyPath} exists; it decides whether services start.`);
    return work();
  }
  // One of ours is here only when an installation was killed: it goes with this one.
  const remove = () => rmSync(policyPath, { force: true });
  const interrupted = () => {
    remove();
    process.exit(130);
  };
  writeFileSync(policyPath, policy, { mode: 0o755 });
  for (const signal of endings) process.once(signal, interrupted);
  try {
    return await work();
  } finally {
    remove();
    for (const signal of endings) process.off(signal, interrupted);
    if (existsSync('/run/systemd/system')) {
      say(
        'The packages enable Open vSwitch for the next start of this machine; a lab does not ' +
          'need it: systemctl disable openvswitch-switch openvswitch-testcontroller',
      );
    }
  }
}
