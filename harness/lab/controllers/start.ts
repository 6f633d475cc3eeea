/** Starts the controller a scenario asks for. One function per kind builds its command line. */

import { isAbsolute, join } from 'node:path';
import { LabError } from '../../errors.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedController, ResolvedScenario } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { makeFolder, replaceFile } from '../../safe-files.js';
import type { ControllerContext, RunningController } from './controller.js';
import { ControllerInstance } from './instance.js';

interface CommandLine {
  argv: (port: number) => string[];
  environment: (instance: number) => Record<string, string>;
  instances: number;
  readyWhen: RegExp | null;
  readyTimeoutMs: number;
  /** It writes flows and may end; nothing connects to it. */
  writesFlows?: boolean;
}

const python = ['/usr/bin/python3', '-B'];
/** os-ken's manager is a script; Debian's interpreter is named, since only it sees the package. */
const oskenManager = [...python, '/usr/bin/osken-manager'];

/** Start every instance. They are not ready yet: await `ready()`. */
export function startController(context: ControllerContext): RunningController {
  const line = commandLine(context);
  const ports = Array.from({ length: line.instances }, (_, index) => context.port + index);
  const instances = ports.map(
    (port, index) =>
      new ControllerInstance({
        instance: index,
        instances: line.instances,
        label: context.controller.label,
        argv: line.argv(port),
        environment: { ...context.environment, ...line.environment(index) },
        logFolder: context.logFolder,
        port,
        readyWhen: line.readyWhen,
        readyTimeoutMs: line.readyTimeoutMs,
        writesFlows: line.writesFlows ?? false,
        emit: context.emit,
      }),
  );
  for (const instance of instances) instance.start();
  const at = (index: number) => {
    const instance = instances[index];
    if (instance) return instance;
    throw new LabError('FAULT_NOT_APPLIED', `There is no controller instance ${index}.`);
  };
  return {
    label: context.controller.label,
    ports: line.writesFlows ? [] : ports,
    pids: () => instances.map((instance) => instance.pid).filter((pid) => pid !== undefined),
    pidOf: (index) => at(index).pid,
    ready: async () => {
      await Promise.all(instances.map((instance) => instance.ready()));
    },
    crash: (index) => at(index).crash(),
    restart: async (index) => {
      if (at(index).pid === undefined) at(index).start();
      await at(index).ready();
    },
    stop: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
    },
  };
}

const controllersFolder = () => join(packageRoot(), 'harness/lab/controllers');

function commandLine(context: ControllerContext): CommandLine {
  const { controller } = context;
  const base = { environment: () => ({}), instances: 1, readyWhen: null, readyTimeoutMs: 20_000 };
  switch (controller.kind) {
    case 'none':
      return { ...base, instances: 0, argv: () => [] };
    case 'floyd':
      return {
        ...base,
        instances: controller.instances ?? 1,
        environment: (instance) => ({
          FLOYD_CONFIG: writeFloydConfig(context, controller, instance),
        }),
        argv: (port) => [
          ...[...python, join(controllersFolder(), 'osken-manager.py')],
          ...['--ofp-tcp-listen-port', String(port), join(controllersFolder(), 'floyd/app.py')],
        ],
      };
    case 'osken':
      return {
        ...base,
        argv: (port) => [
          ...oskenManager,
          ...['--ofp-tcp-listen-port', String(port)],
          ...controller.arguments,
          ...controller.applications,
        ],
      };
    case 'ovs-testcontroller':
      return { ...base, argv: (port) => ['ovs-testcontroller', `ptcp:${port}`] };
    case 'static-flows':
      return {
        ...base,
        environment: () => controller.environment,
        readyWhen: controller.readyWhen === null ? null : new RegExp(controller.readyWhen),
        readyTimeoutMs: controller.readyTimeoutMs,
        argv: () => controller.argv,
        writesFlows: true,
      };
    case 'command':
      return {
        environment: () => controller.environment,
        instances: controller.instances,
        readyWhen: controller.readyWhen === null ? null : new RegExp(controller.readyWhen),
        readyTimeoutMs: controller.readyTimeoutMs,
        argv: (port) => controller.argv.map((word) => word.replaceAll('{port}', String(port))),
      };
  }
}

function writeFloydConfig(
  context: ControllerContext,
  controller: Extract<ResolvedController, { kind: 'floyd' }>,
  instance: number,
): string {
  makeFolder(context.workFolder);
  const path = join(context.workFolder, `floyd-${instance}.json`);
  if (!isAbsolute(path)) throw new LabError('INTERNAL', `${path} is not absolute.`);
  // Heartbeats are datagrams: their ports do not clash with the TCP ports of the same numbers.
  const own = { instance, heartbeatPort: context.port };
  const config = { ...floydConfig(context.scenario, controller), ...own };
  replaceFile(path, JSON.stringify(config, null, 2));
  return path;
}

/** The configuration file of the bundled application, from the resolved scenario. Pure. */
export function floydConfig(
  scenario: ResolvedScenario,
  controller: Extract<ResolvedController, { kind: 'floyd' }>,
): object {
  const { nodes, tunnels, bfd } = scenario.topology;
  const { kind: _kind, label: _label, ...options } = controller;
  return {
    ...options,
    switches: Object.fromEntries(
      nodesWith(nodes, 'open-vswitch').map(({ dpid, name }) => [dpid, { name }]),
    ),
    costs: tunnels.flatMap((tunnel) =>
      tunnel.costMs === null ? [] : [{ a: tunnel.a.node, b: tunnel.b.node, costMs: tunnel.costMs }],
    ),
    bfd,
    hosts: nodesWith(nodes, 'end-point').map(({ name, mac, address, meterAddress }) => ({
      name,
      mac,
      addresses: [address, ...(meterAddress ? [meterAddress] : [])].map(
        (cidr) => cidr.split('/')[0],
      ),
    })),
  };
}
