/** Colours and weights of terminal text; with `colour` off every style is the identity. */

export type Style = (text: string) => string;

export interface Styles {
  bold: Style;
  dim: Style;
  red: Style;
  green: Style;
  yellow: Style;
  blue: Style;
  magenta: Style;
  cyan: Style;
}

const escapeCharacter = '\u001b';

function sgr(open: number, close: number): Style {
  return (text) =>
    text === '' ? '' : `${escapeCharacter}[${open}m${text}${escapeCharacter}[${close}m`;
}

const coloured: Styles = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  blue: sgr(34, 39),
  magenta: sgr(35, 39),
  cyan: sgr(36, 39),
};

const same: Style = (text) => text;

const plain: Styles = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  magenta: same,
  cyan: same,
};

export function stylesFor(colour: boolean): Styles {
  return colour ? coloured : plain;
}

/** Green for pass, red for fail, yellow for inconclusive. */
export function verdictStyle(styles: Styles, verdict: string): Style {
  if (verdict === 'pass') return styles.green;
  return verdict === 'fail' ? styles.red : styles.yellow;
}
