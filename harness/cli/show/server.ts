/**
 * `failover-lab show`: `runs/` on the loopback interface. It only reads, it answers only to its own
 * name (so that no web page can reach it under another one), and it follows no link out of `runs/`.
 */
import { closeSync, createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { livePageHtml } from '../../../reports/html/live-page.js';
import { runListHtml, runRowsHtml } from '../../../reports/html/run-list.js';
import { LabError, messageOf } from '../../errors.js';
import type { JudgedRun } from '../../model/result.js';
import { openRegular } from '../../safe-files.js';
import { listRuns } from './list-runs.js';
import { allowed, refusalOf } from './refusal.js';
import { fileWithin, pathWithin, safeSegments, typeOf } from './run-files.js';
import { placeAfter, tailInto } from './tail.js';

export interface ShowOptions {
  /** Folder that holds `<scenario>/<time>/` folders. */
  runsFolder: string;
  /** TCP port, 0 for a free one. */
  port: number;
  /** Makes the report of a run that has none yet; without it such a report is not found. */
  renderReport?: (runFolder: string) => Promise<string>;
  /** Judges a recorded run as its report does; the live view shows that once the run has ended. */
  judge?: (runFolder: string) => Promise<JudgedRun>;
  /** A page with what changed from one recorded run to another. */
  diff?: (before: string, after: string) => Promise<string>;
  /** A page with the medians of all runs in a scenario's folder. */
  trend?: (scenarioFolder: string) => Promise<string>;
}

export interface ShowServer {
  url: string;
  close(): Promise<void>;
}

const streamsMax = 32;

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...headers, 'Content-Type': type });
  response.end(body);
}

function plain(response: ServerResponse, status: number, text: string): void {
  answer(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

const htmlType = 'text/html; charset=utf-8';

class Show {
  #streams = 0;
  port = 0;

  constructor(readonly options: ShowOptions) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, this.port);
    if (refusal !== null) {
      if (refusal.status === 405) response.setHeader('Allow', allowed.join(', '));
      return plain(response, refusal.status, refusal.why);
    }
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    const segments = safeSegments(path);
    if (segments === null) return plain(response, 400, 'The path is malformed.');
    if (segments.length === 0) {
      return answer(response, 200, htmlType, await runListHtml(this.#runs()));
    }
    if (path === '/runs') return answer(response, 200, htmlType, runRowsHtml(this.#runs()));
    if (path === '/diff') return this.#diff(response, new URLSearchParams(query).getAll('run'));
    if (segments[0] === 'trend') return this.#trend(response, segments[1] ?? '');
    if (segments[0] === 'run') return this.#run(request, response, segments.slice(1));
    return plain(response, 404, 'Not found.');
  }

  #runs() {
    return listRuns(this.options.runsFolder, Date.now());
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    segments: string[],
  ): Promise<void> {
    const [scenario, time, part] = segments;
    const { runsFolder } = this.options;
    if (scenario === undefined || time === undefined) return plain(response, 404, 'No such run.');
    if (pathWithin(runsFolder, [scenario, time]) === null) {
      return plain(response, 404, 'No such run.');
    }
    const history = fileWithin(runsFolder, [scenario, time, 'history.ndjson']);
    if (part === undefined && history !== null) {
      return answer(response, 200, htmlType, await livePageHtml(scenario, time));
    }
    if (part === 'judged.json' && segments.length === 3) {
      return this.#judged(response, pathWithin(runsFolder, [scenario, time]));
    }
    if (part === 'stream' && segments.length === 3 && history !== null)
      return this.#stream(request, response, history);
    const file = fileWithin(runsFolder, segments);
    if (file !== null) return this.#file(request, response, file, typeOf(segments));
    if (part === 'report.html' && segments.length === 3) {
      return this.#report(response, pathWithin(runsFolder, [scenario, time]));
    }
    return plain(response, 404, 'No such file in this run.');
  }

  /** Two folders of runs by their names, `<scenario>/<time>`, the earlier one as A. */
  #diff(response: ServerResponse, names: string[]): Promise<void> {
    const folders = names
      .map((name) => safeSegments(name))
      .map((segments) => segments && pathWithin(this.options.runsFolder, segments))
      .filter((folder) => folder !== null);
    if (names.length !== 2 || folders.length !== 2) {
      plain(
        response,
        400,
        `Choose two recorded runs; this names ${names.join(' and ') || 'none'}.`,
      );
      return Promise.resolve();
    }
    const [a = '', b = ''] = folders.sort((x, y) => basename(x).localeCompare(basename(y)));
    const { diff } = this.options;
    return this.#made(response, 'The comparison', diff && (() => diff(a, b)));
  }

  #trend(response: ServerResponse, scenario: string): Promise<void> {
    const folder = pathWithin(this.options.runsFolder, [scenario]);
    const { trend } = this.options;
    const make = trend && folder !== null ? () => trend(folder) : undefined;
    return this.#made(response, 'The trend', make);
  }

  #report(response: ServerResponse, folder: string | null): Promise<void> {
    const { renderReport } = this.options;
    const make = renderReport && folder !== null ? () => renderReport(folder) : undefined;
    return this.#made(response, 'The report', make);
  }

  #judged(response: ServerResponse, folder: string | null): Promise<void> {
    const { judge } = this.options;
    const make =
      judge && folder !== null ? async () => JSON.stringify(await judge(folder)) : undefined;
    return this.#made(response, 'The judgement', make, 'application/json; charset=utf-8');
  }

  /** What is made when it is asked for; without a maker there is none. */
  async #made(
    response: ServerResponse,
    what: string,
    make: (() => Promise<string>) | undefined,
    type = htmlType,
  ): Promise<void> {
    if (!make) return plain(response, 404, `${what} does not exist here.`);
    try {
      answer(response, 200, type, await make());
    } catch (error) {
      plain(response, 500, `${what} cannot be made: ${messageOf(error)}`);
    }
  }

  #file(request: IncomingMessage, response: ServerResponse, path: string, type: string): void {
    const attached = type.startsWith('application/octet')
      ? { 'Content-Disposition': 'attachment' }
      : {};
    // One descriptor and one size: a file that grows or is replaced meanwhile is sent as promised.
    const { descriptor, stats } = openRegular(path);
    const { size } = stats;
    response.writeHead(200, {
      ...headers,
      'Content-Type': type,
      'Content-Length': size,
      ...attached,
    });
    if (request.method === 'HEAD' || size === 0) {
      closeSync(descriptor);
      response.end();
      return;
    }
    const content = createReadStream(path, { fd: descriptor, start: 0, end: size - 1 });
    content
      .on('error', () => response.destroy())
      .on('end', () => {
        // Cut off meanwhile: the reader is shown a broken answer, not kept waiting for the rest.
        if (content.bytesRead < size) response.destroy();
      })
      .pipe(response);
    response.on('close', () => content.destroy());
  }

  async #stream(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (this.#streams >= streamsMax) {
      return plain(response, 503, 'Too many live views are open; close one.');
    }
    this.#streams += 1;
    const ended = new AbortController();
    response.on('close', () => ended.abort());
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 500\n\n');
    const lastEventId = request.headers['last-event-id'];
    try {
      const place = placeAfter(typeof lastEventId === 'string' ? lastEventId : undefined);
      await tailInto(response, path, place, ended.signal);
    } finally {
      this.#streams -= 1;
      response.end();
    }
  }
}

function listening(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new LabError('WRONG_USE', `Cannot listen on 127.0.0.1:${port}: ${messageOf(cause)}`, {
          cause,
          hint: 'Choose another port, or 0 for a free one.',
        }),
      );
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

/**
 * Starts the server on 127.0.0.1.
 * @throws LabError WRONG_USE when the port is taken.
 */
export async function startShowServer(options: ShowOptions): Promise<ShowServer> {
  const show = new Show(options);
  const server = createServer((request, response) => {
    show.handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else plain(response, 500, messageOf(error));
    });
  });
  const { port } = await listening(server, options.port);
  show.port = port;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
