/** On a narrow screen the list of documents is folded, so that the text comes first. */
export function foldNavigation(): void {
  const list = document.querySelector<HTMLDetailsElement>('.navigation');
  if (!list) return;
  const narrow = matchMedia('(max-width: 55rem)');
  const fold = () => {
    list.open = !narrow.matches;
  };
  narrow.addEventListener('change', fold);
  fold();
}
