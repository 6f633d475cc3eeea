/** The list of runs: it renews itself, sorts and filters, and lets two runs be compared. */
import { need } from './unpack.js';

interface Order {
  column: number;
  descending: boolean;
}

/** What the reader chose; it outlives the rows, which are replaced. */
const reader = { order: null as Order | null, chosen: new Set<string>() };

const rowsOf = () => [...need('#runs').querySelectorAll<HTMLTableRowElement>('tr')];

function sortValue(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.dataset.value ?? '';
}

/** Numbers as numbers, everything else as words in which numbers count. */
function compared(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a.localeCompare(b, 'en', { numeric: true });
}

function sortRows(): void {
  const { order } = reader;
  if (!order) return;
  const sign = order.descending ? -1 : 1;
  const sorted = rowsOf().sort(
    (a, b) => sign * compared(sortValue(a, order.column), sortValue(b, order.column)),
  );
  need('#runs').append(...sorted);
}

/** A row is shown when it has every word, in any of its cells. */
function filterRows(): void {
  const words = need<HTMLInputElement>('#words').value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = rowsOf();
  for (const row of rows) {
    const held = (row.textContent ?? '').toLowerCase();
    row.hidden = !words.every((word) => held.includes(word));
  }
  const shown = rows.filter(({ hidden }) => !hidden).length;
  need('#shown').textContent = words.length === 0 ? '' : `${shown} of ${rows.length} shown`;
}

const boxes = () => [...need('#runs').querySelectorAll<HTMLInputElement>('input[name="run"]')];

function showChoice(): void {
  for (const box of boxes()) box.checked = reader.chosen.has(box.value);
  need<HTMLButtonElement>('#compare').disabled = reader.chosen.size !== 2;
}

function arrange(): void {
  sortRows();
  filterRows();
  showChoice();
}

/** Each sortable heading becomes a button, for the mouse and the keyboard. */
function startSorting(): void {
  const heads = [...document.querySelectorAll<HTMLTableCellElement>('thead th')];
  for (const [column, head] of heads.entries()) {
    if (!rowsOf().some((row) => row.cells[column]?.dataset.value !== undefined)) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const again = reader.order?.column === column && !reader.order.descending;
      reader.order = { column, descending: again };
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', again ? 'descending' : 'ascending');
      arrange();
    });
  }
}

async function renew(): Promise<void> {
  if (document.hidden) return;
  try {
    const rows = await (await fetch('/runs')).text();
    const place = need('#runs');
    if (place.dataset.rows === rows || place.contains(document.activeElement)) return;
    place.innerHTML = rows;
    place.dataset.rows = rows;
    arrange();
  } catch {
    // The server was stopped; the rows that are shown stay.
  }
}

export function startRunList(): void {
  need('#filter').hidden = false;
  need('#words').addEventListener('input', filterRows);
  need('#runs').addEventListener('change', ({ target }) => {
    const box = target as HTMLInputElement;
    if (box.checked) reader.chosen.add(box.value);
    else reader.chosen.delete(box.value);
    showChoice();
  });
  startSorting();
  // What the browser kept from the visit before.
  for (const box of boxes()) if (box.checked) reader.chosen.add(box.value);
  arrange();
  setInterval(() => void renew(), 2000);
}
