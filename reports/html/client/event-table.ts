/** The event table: only the rows in sight exist, whatever the number of events. */
import { formatCount } from '../../format.js';
import { html } from '../markup.js';
import { EventList } from './event-list.js';
import type { ReaderState } from './state.js';
import { need } from './unpack.js';

const rowHeight = 28;
const overscan = 4;
/** No column is wider than this many characters; the chosen event is shown in full below. */
const fieldCharacters = 180;

function secondsOf(state: ReaderState, atNs: number, trial: number): string {
  const zero =
    state.data.zeroNs[state.data.result.trials.findIndex((each) => each.index === trial)];
  return zero === null || zero === undefined ? '' : ((atNs - zero) / 1e9).toFixed(6);
}

/** The fields of an event that the other columns do not already show. */
function summaryOf(line: string): string {
  try {
    const {
      atNs: _atNs,
      trial: _trial,
      kind: _kind,
      scenario: _scenario,
      ...rest
    } = JSON.parse(line);
    return JSON.stringify(rest)
      .slice(1, fieldCharacters + 1)
      .replace(/}$/, '');
  } catch {
    return line.slice(0, fieldCharacters);
  }
}

function emptyRow(): HTMLElement {
  const row = document.createElement('div');
  row.setAttribute('role', 'option');
  row.innerHTML =
    html`<span class="figure"></span><span class="figure"></span><span></span><span class="fields"></span>`.text;
  return row;
}

export class EventTable {
  #shown: number[] = [];
  #chosen = -1;
  #request = 0;
  #drawn = '';
  readonly #place = need('#events');
  readonly #kind = need<HTMLSelectElement>('#event-kind');
  readonly #text = need<HTMLInputElement>('#event-text');
  readonly #zoomOnly = need<HTMLInputElement>('#event-zoom');
  readonly #trialOnly = need<HTMLInputElement>('#event-trial');
  readonly #body: HTMLElement;
  readonly #rows: HTMLElement;

  constructor(
    readonly state: ReaderState,
    readonly list: EventList,
  ) {
    this.#place.innerHTML =
      html`<div class="event-head" aria-hidden="true"><span>Time, s</span><span>Trial</span><span>Kind</span><span>Fields</span></div>
      <div class="event-body" tabindex="0" role="listbox" aria-labelledby="events-title"><div class="event-space"><div class="event-rows" role="presentation"></div></div></div>`.text;
    this.#body = need('.event-body');
    this.#rows = need('.event-rows');
    this.#listen();
  }

  /** Finds the fitting events again and draws them from the top. */
  async refresh(): Promise<void> {
    this.#request += 1;
    const request = this.#request;
    const found = await this.list.matching(
      {
        kind: this.#kind.value,
        text: this.#text.value,
        trial: this.#trialOnly.checked ? (this.state.trial?.index ?? null) : null,
        window: this.#zoomOnly.checked ? this.#window() : null,
      },
      () => request === this.#request,
    );
    if (found === null) return;
    this.#shown = found;
    need('.event-space').style.height = `${found.length * rowHeight}px`;
    need('#event-count').textContent =
      `${formatCount(found.length)} of ${formatCount(this.list.lines.length)}`;
    this.#drawn = '';
    this.draw();
  }

  /** Fills in the kinds that have been read so far. */
  offerKinds(): void {
    const chosen = this.#kind.value;
    const counts = new Map<string, number>();
    for (const kind of this.list.kinds) {
      const name = this.list.kindNames[kind] ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const names = [...counts].sort(([a], [b]) => a.localeCompare(b));
    this.#kind.innerHTML =
      html`<option value="">all kinds</option>${names.map(([name, count]) => html`<option value="${name}">${name} (${formatCount(count)})</option>`)}`.text;
    this.#kind.value = chosen;
  }

  /** Fills the row elements, which are made once and moved along, with what is in sight. */
  draw(): void {
    const first = Math.max(0, Math.floor(this.#body.scrollTop / rowHeight) - overscan);
    const count = Math.ceil(this.#body.clientHeight / rowHeight) + overscan * 2;
    const key = `${first} ${count} ${this.#chosen}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const shown = this.#shown.slice(first, first + count);
    while (this.#rows.childElementCount < shown.length) this.#rows.append(emptyRow());
    while (this.#rows.childElementCount > shown.length) this.#rows.lastElementChild?.remove();
    shown.forEach((index, offset) => {
      const row = this.#rows.children[offset];
      if (row instanceof HTMLElement) this.#fill(row, index, first + offset);
    });
    this.#rows.style.transform = `translateY(${first * rowHeight}px)`;
    const active = `event-${this.#chosen}`;
    if (document.getElementById(active)) this.#body.setAttribute('aria-activedescendant', active);
    else this.#body.removeAttribute('aria-activedescendant');
  }

  #window(): [number, number] | null {
    const zero = this.state.data.zeroNs[this.state.trialIndex];
    if (zero === null || zero === undefined) return null;
    const [start, end] = this.state.zoom;
    return [zero + start * 1e6, zero + end * 1e6];
  }

  #fill(row: HTMLElement, index: number, position: number): void {
    const { list } = this;
    const trial = list.trials[index] ?? 0;
    const chosen = position === this.#chosen;
    row.id = `event-${position}`;
    row.className = chosen ? 'event selected' : 'event';
    row.dataset.position = String(position);
    row.ariaSelected = String(chosen);
    row.ariaPosInSet = String(position + 1);
    row.ariaSetSize = String(this.#shown.length);
    const cells = [
      secondsOf(this.state, list.atNs[index] ?? 0, trial),
      String(trial + 1),
      list.kindNames[list.kinds[index] ?? 0] ?? '',
      summaryOf(list.lines[index] ?? ''),
    ];
    cells.forEach((text, column) => {
      const cell = row.children[column];
      if (cell && cell.textContent !== text) cell.textContent = text;
    });
  }

  #choose(position: number): void {
    this.#chosen = Math.max(0, Math.min(this.#shown.length - 1, position));
    const top = this.#chosen * rowHeight;
    const { scrollTop, clientHeight } = this.#body;
    if (top < scrollTop) this.#body.scrollTop = top;
    if (top + rowHeight > scrollTop + clientHeight)
      this.#body.scrollTop = top + rowHeight - clientHeight;
    this.draw();
    const line = this.list.lines[this.#shown[this.#chosen] ?? -1];
    const detail = need('#event-detail');
    detail.hidden = line === undefined;
    if (line !== undefined)
      detail.textContent = JSON.stringify(JSON.parse(line), null, 2).slice(0, 50_000);
  }

  #listen(): void {
    this.#body.addEventListener('scroll', () => requestAnimationFrame(() => this.draw()), {
      passive: true,
    });
    this.#body.addEventListener('click', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('[data-position]');
      if (row) this.#choose(Number(row.dataset.position));
    });
    const page = () => Math.max(1, Math.floor(this.#body.clientHeight / rowHeight) - 1);
    const moves: Record<string, () => number> = {
      ArrowDown: () => this.#chosen + 1,
      ArrowUp: () => this.#chosen - 1,
      PageDown: () => this.#chosen + page(),
      PageUp: () => this.#chosen - page(),
      Home: () => 0,
      End: () => this.#shown.length - 1,
    };
    this.#body.addEventListener('keydown', (event) => {
      const move = moves[event.key];
      if (!move || this.#shown.length === 0) return;
      event.preventDefault();
      this.#choose(move());
    });
    for (const input of [this.#kind, this.#text, this.#zoomOnly, this.#trialOnly]) {
      input.addEventListener('input', () => this.#restart());
    }
    new ResizeObserver(() => this.draw()).observe(this.#body);
    this.state.on('zoom', () => this.#zoomOnly.checked && this.#restart());
    this.state.on(
      'trial',
      () => (this.#zoomOnly.checked || this.#trialOnly.checked) && this.#restart(),
    );
  }

  #restart(): void {
    this.#chosen = -1;
    this.#body.scrollTop = 0;
    void this.refresh();
  }
}

/** Reads the embedded history and shows it. Resolves when all of it is there. */
export async function startEventTable(state: ReaderState): Promise<EventList> {
  const list = new EventList();
  const table = new EventTable(state, list);
  await list.read(() => table.draw());
  table.offerKinds();
  await table.refresh();
  need('#events').dataset.ready = 'yes';
  return list;
}
