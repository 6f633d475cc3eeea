import { atLeast } from '../../model/version.js';
import type { Check } from '../finding.js';
import { ovsVersion } from '../programs.js';

/** `mtu` of an Interface is what OVS saw; what it should be is `mtu_request`, since 2.6.0. */
export const checkOvsMtu: Check = async (machine) => {
  const version = await ovsVersion(machine);
  if (version === null) {
    return {
      id: 'ovs-mtu',
      ok: 'warning',
      sentence: 'The MTU syntax is unknown without Open vSwitch.',
    };
  }
  if (atLeast(version, 2, 6)) {
    return {
      id: 'ovs-mtu',
      ok: 'yes',
      sentence: `An MTU is set with: ovs-vsctl set interface NAME mtu_request=BYTES (mtu is read-only).`,
    };
  }
  return {
    id: 'ovs-mtu',
    ok: 'warning',
    sentence:
      `Open vSwitch ${version} has no mtu_request (introduced in 2.6.0) and sets internal ports ` +
      "back to the smallest MTU of their bridge: set every port's MTU with ip link, after adding it.",
    remedy: 'ip link set dev NAME mtu BYTES',
  };
};
