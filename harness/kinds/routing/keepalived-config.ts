/** Configuration of keepalived, for one gateway. Pure. */
import type { NodeWith } from '../../model/node-traits.js';
import type { DaemonConfig } from './frr-config.js';

/** An instance for each subnet; they change together. */
export function keepalivedDaemons(gateway: NodeWith<'routes'>): DaemonConfig[] {
  const { vrrp } = gateway.protocols;
  if (vrrp === undefined) return [];
  const instances = vrrp.virtual.flatMap(({ port, address, group }) => [
    `vrrp_instance ${port} {`,
    // The election decides: one that comes up as master would send two answers for a while.
    '  state BACKUP',
    `  interface ${port}`,
    `  virtual_router_id ${group}`,
    `  priority ${vrrp.priority}`,
    `  advert_int ${vrrp.advertMs / 1000}`,
    '  virtual_ipaddress {',
    `    ${address}`,
    '  }',
    '}',
  ]);
  const lines = [
    'global_defs {',
    `  router_id ${gateway.name}`,
    '  vrrp_version 3',
    '  vrrp_garp_master_refresh 0',
    '}',
    'vrrp_sync_group all {',
    '  group {',
    ...vrrp.virtual.map(({ port }) => `    ${port}`),
    '  }',
    '}',
    ...instances,
  ];
  return [{ program: 'keepalived', config: `${lines.join('\n')}\n` }];
}
