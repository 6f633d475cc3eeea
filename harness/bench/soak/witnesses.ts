/**
 * Other people's things beside the labs, named like a lab's own or like what `mn -c` removes: an
 * Open vSwitch with a bridge, a network namespace, logs in /tmp, a veth pair, a ping.
 */
import type { QuietMachine } from '../quiet-machine.js';

const detached = '> /dev/null 2>&1 < /dev/null &';

const bring = `
  mkdir -p /run/openvswitch /tmp/witness
  ovsdb-tool create /tmp/witness/conf.db /usr/share/openvswitch/vswitch.ovsschema
  ovsdb-server /tmp/witness/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile ${detached}
  echo $! >> /tmp/witness/pids
  until [ -S /run/openvswitch/db.sock ]; do sleep 0.05; done
  ovs-vsctl --timeout=5 --no-wait init
  ovs-vswitchd unix:/run/openvswitch/db.sock --pidfile ${detached}
  echo $! >> /tmp/witness/pids
  ovs-vsctl --timeout=10 add-br s1 -- set Bridge s1 datapath_type=netdev
  ip link add s1-eth1 type veth peer name r1-eth0
  ip link set s1-eth1 up
  ip link set r1-eth0 up
  ip netns add r1
  for name in ovs s1 vconn-witness vlogs-witness; do echo mine > /tmp/$name.log; done
  echo mine > /tmp/witness.out
  ping -n -i 0.5 127.0.0.1 > /tmp/witness/ping 2>&1 < /dev/null &
  echo $! >> /tmp/witness/pids`;

/** Facts that do not change unless something touches the witnesses. */
const look = `
  for pid in $(cat /tmp/witness/pids); do
    echo "process $pid $(cat /proc/$pid/comm) $(cut -d ' ' -f 22 /proc/$pid/stat)"
  done
  ovs-vsctl --timeout=5 --columns=_uuid,name list Bridge
  ovs-appctl -T 5 -t ovs-vswitchd bridge/dump-flows s1 | wc -l
  ip -o link | sed 's/@.*//'
  ip netns list
  cat /tmp/*.log /tmp/*.out
  ls /tmp
  tail -n 1 /tmp/witness/ping | grep -c 'bytes from'`;

/** Bring them, and wait until they have settled. */
export function bringWitnesses(machine: QuietMachine): void {
  machine.shell(bring);
  machine.shell(`until grep -q 'bytes from' /tmp/witness/ping; do sleep 0.05; done`);
}

/** What they say of themselves; compare it with what they said before. */
export function hearWitnesses(machine: QuietMachine): string {
  try {
    return machine.shell(look);
  } catch (thrown) {
    return `a witness is silent: ${thrown}`;
  }
}
