/** Brings sweep.html and search.html to life. What can be read without it is already in the page. */
import './report.css';
import './sweep.css';
import { startTheme } from './theme.js';
import { need } from './unpack.js';

/** A link of the map or the ranking opens the case that it leads to. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.querySelector('summary')?.focus({ preventScroll: true });
  target.scrollIntoView({ block: 'start' });
}

function startFilters(): void {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('#ranking tbody tr')];
  const level = need<HTMLSelectElement>('#case-level');
  const text = need<HTMLInputElement>('#case-text');
  const count = need<HTMLOutputElement>('#case-count');
  const show = () => {
    const wanted = text.value.trim().toLowerCase();
    for (const row of rows) {
      const { level: felt = '', words = '' } = row.dataset;
      row.hidden = (level.value !== '' && felt !== level.value) || !words.includes(wanted);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent =
      shown === rows.length ? `${shown} cases` : `${shown} of ${rows.length} cases`;
  };
  level.addEventListener('change', show);
  text.addEventListener('input', show);
  need('#filters').hidden = false;
  show();
}

startTheme(() => {});
if (document.querySelector('#ranking')) startFilters();
addEventListener('hashchange', openTarget);
openTarget();
