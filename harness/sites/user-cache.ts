/** Where this user keeps what is built once: below XDG_CACHE_HOME, or ~/.cache. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export function userCache(part: 'kernels' | 'images'): string {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(cache, 'failover-lab', part);
}
