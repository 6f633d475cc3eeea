/** Requests that the server of recorded runs does not answer, and why. */
import type { IncomingMessage } from 'node:http';

export interface Refusal {
  /** Of HTTP. */
  status: number;
  why: string;
}

export const allowed = ['GET', 'HEAD'];

/** Null for a request that the server answers. */
export function refusalOf(
  { headers, method = '' }: Pick<IncomingMessage, 'headers' | 'method'>,
  port: number,
): Refusal | null {
  if (!isOwnHost(headers.host, port)) return { status: 403, why: foreignName(port) };
  if (headers['sec-fetch-site'] === 'cross-site') {
    return { status: 403, why: 'This server rejects requests from other sites.' };
  }
  if (!allowed.includes(method)) return { status: 405, why: 'This server is read-only.' };
  return null;
}

/** Whether the request was meant for this server, by the name it was asked under. */
function isOwnHost(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

/** A reader at the end of a tunnel, such as `ssh -L`, meets this when the ports differ. */
function foreignName(port: number): string {
  return (
    `This server answers only under its own name, http://127.0.0.1:${port}/. Through ssh, give ` +
    `both ends the same port: ssh -L ${port}:127.0.0.1:${port}. failover-lab show --port chooses it.`
  );
}
