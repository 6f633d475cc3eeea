/** Light and dark: the system's choice until the reader makes another. */
const key = 'failover-lab-theme';

/** A page opened from disk may have no storage; the choice then lasts until it is closed. */
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
  } catch {}
}

export function startColours(): void {
  const button = document.querySelector<HTMLButtonElement>('#theme');
  if (!button) return;
  const { dataset } = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const other = () => {
    const dark = dataset.theme === undefined ? system.matches : dataset.theme === 'dark';
    return dark ? 'light' : 'dark';
  };
  const show = () => {
    button.textContent = other() === 'dark' ? 'Dark' : 'Light';
    button.setAttribute('aria-label', `Switch to ${other()} colours`);
  };
  const stored = remembered();
  if (stored === 'dark' || stored === 'light') dataset.theme = stored;
  button.addEventListener('click', () => {
    dataset.theme = other();
    remember(dataset.theme);
    show();
  });
  system.addEventListener('change', show);
  button.hidden = false;
  show();
}
