/**
 * What runs inside the page under test. Playwright sends each function's text to the browser, so
 * each is self-contained, and uses the browser through the few shapes named here.
 */

interface Entry {
  name: string;
  startTime: number;
  duration: number;
}

interface Watched {
  labTasks: Entry[];
  labReadyMs: number;
}

interface BrowserWindow extends Watched {
  PerformanceObserver: new (
    seen: (list: { getEntries(): Entry[] }) => void,
  ) => { observe(options: { type: string; buffered: boolean }): void };
  MutationObserver: new (
    seen: () => void,
  ) => {
    observe(target: unknown, options: { attributes: boolean; subtree: boolean }): void;
  };
  document: {
    documentElement: { dataset: Record<string, string>; scrollHeight: number };
    querySelector(selector: string): { scrollTop: number; scrollHeight: number } | null;
  };
  requestAnimationFrame(frame: (nowMs: number) => void): void;
  scrollTo(x: number, y: number): void;
}

/** Notes long tasks, and the moment at which the page calls itself ready. */
export function watchPage(): void {
  const page = globalThis as unknown as BrowserWindow;
  page.labTasks = [];
  page.labReadyMs = 0;
  new page.PerformanceObserver((list) => page.labTasks.push(...list.getEntries())).observe({
    type: 'longtask',
    buffered: true,
  });
  new page.MutationObserver(() => {
    const ready = page.document.documentElement?.dataset.ready === 'yes';
    if (ready && page.labReadyMs === 0) page.labReadyMs = performance.now();
  }).observe(page.document, { attributes: true, subtree: true });
}

export function readStoredNumbers(): {
  firstContentMs: number;
  readyMs: number;
  tasksMs: number[];
} {
  const page = globalThis as unknown as BrowserWindow;
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return {
    firstContentMs: paint?.startTime ?? Number.POSITIVE_INFINITY,
    readyMs: page.labReadyMs,
    tasksMs: page.labTasks.map((task) => task.duration),
  };
}

/** Scrolls the table of events from top to bottom in 240 frames, then the page in 120. */
export async function scrollThrough(): Promise<{ tasksMs: number[]; gapsMs: number[] }> {
  const page = globalThis as unknown as BrowserWindow;
  const table = page.document.querySelector('.event-body');
  const gapsMs: number[] = [];
  const frame = () => new Promise<number>((resolve) => page.requestAnimationFrame(resolve));
  const along = async (frames: number, move: (share: number) => void) => {
    let last = await frame();
    for (let step = 1; step <= frames; step += 1) {
      move(step / frames);
      const now = await frame();
      gapsMs.push(now - last);
      last = now;
    }
  };
  const began = performance.now();
  await along(240, (share) => {
    if (table) table.scrollTop = share * table.scrollHeight;
  });
  await along(120, (share) => page.scrollTo(0, share * page.document.documentElement.scrollHeight));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const tasks = page.labTasks.filter((task) => task.startTime >= began);
  return { tasksMs: tasks.map((task) => task.duration), gapsMs };
}
