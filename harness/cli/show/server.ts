/**
 * `failover-lab show`: `runs/` on the loopback interface. It only reads, it answers only to its own
 * name (so that no web page can reach it under another one), and it follows no link out of `runs/`.
 */
import { closeSync, createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { liveListHtml, livePageHtml, runRowsHtml } from '../../../reports/html/live-page.js';
import { LabError, messageOf } from '../../errors.js';
import type { JudgedRun } from '../../model/result.js';
import { openRegular } from '../../safe-files.js';
import { fileWithin, listRuns, pathWithin, safeSegments, typeOf } from './run-files.js';
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

/** Whether the request was meant for this server, by the name it was asked under. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

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
    if (!isOwnHost(request.headers.host, this.port)) {
      return plain(response, 403, 'This server accepts only requests to its own loopback address.');
    }
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      return plain(response, 403, 'This server rejects requests from other sites.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plain(response, 405, 'This server is read-only.');
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const segments = safeSegments(path);
    if (segments === null) return plain(response, 400, 'The path is malformed.');
    if (segments.length === 0) {
      return answer(response, 200, htmlType, await liveListHtml(this.#runs()));
    }
    if (path === '/runs') return answer(response, 200, htmlType, runRowsHtml(this.#runs()));
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
    const history = fileWithin(runsFolder, [scenario, time, 'history.ndjson']);
    if (history === null) return plain(response, 404, 'No such run.');
    if (part === undefined) {
      return answer(response, 200, htmlType, await livePageHtml(scenario, time));
    }
    if (part === 'judged.json' && segments.length === 3) {
      return this.#judged(response, pathWithin(runsFolder, [scenario, time]));
    }
    if (part === 'stream' && segments.length === 3) return this.#stream(request, response, history);
    const file = fileWithin(runsFolder, segments);
    if (file !== null) return this.#file(request, response, file, typeOf(segments));
    if (part === 'report.html' && segments.length === 3) {
      return this.#report(response, pathWithin(runsFolder, [scenario, time]));
    }
    return plain(response, 404, 'No such file in this run.');
  }

  async #report(response: ServerResponse, runFolder: string | null): Promise<void> {
    const { renderReport } = this.options;
    if (!renderReport || runFolder === null) {
      return plain(response, 404, 'This run has no report.html yet.');
    }
    try {
      answer(response, 200, htmlType, await renderReport(runFolder));
    } catch (error) {
      plain(response, 500, `The report cannot be made: ${messageOf(error)}`);
    }
  }

  async #judged(response: ServerResponse, runFolder: string | null): Promise<void> {
    const { judge } = this.options;
    if (!judge || runFolder === null)
      return plain(response, 404, 'This run is not judged by this server.');
    try {
      const json = JSON.stringify(await judge(runFolder));
      answer(response, 200, 'application/json; charset=utf-8', json);
    } catch (error) {
      plain(response, 500, `The run cannot be judged: ${messageOf(error)}`);
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
