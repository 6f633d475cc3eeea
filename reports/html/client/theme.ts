/** Light and dark: the system's choice until the reader makes another. */
import type { ReaderState } from './state.js';
import { need } from './unpack.js';

const key = 'failover-lab-theme';

/** The value of a colour token as canvas understands it. */
export function colour(token: string): string {
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  probe.style.color = `var(--${token})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // A page opened from disk may have no storage; the choice then lasts until it is closed.
  }
}

export function startTheme(tell: () => void): void {
  const button = need<HTMLButtonElement>('#theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = () =>
    document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light');
  const show = () => {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute(
      'aria-label',
      `Switch to ${current() === 'dark' ? 'light' : 'dark'} colours`,
    );
    tell();
  };
  const stored = remembered();
  if (stored === 'dark' || stored === 'light') document.documentElement.dataset.theme = stored;
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    remember(next);
    show();
  });
  system.addEventListener('change', show);
  printInLight(show);
  show();
}

/** Paper is light whatever the screen is. */
function printInLight(show: () => void): void {
  let before: string | undefined;
  addEventListener('beforeprint', () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = 'light';
    show();
  });
  addEventListener('afterprint', () => {
    if (before === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = before;
    show();
  });
}

export function followTheme(state: ReaderState): void {
  startTheme(() => state.tell('theme'));
}
