import type { Rgb } from './map/row-layer';

/** The colors that the map is drawn with, in the reader's color scheme. */
export interface Theme {
  page: Rgb;
  /** Rows that a filter leaves out. */
  faint: Rgb;
  pool: Rgb;
  ink: string;
  accent: Rgb;
  /** Of a comparison: rows of the other selection only, and of both. */
  other: Rgb;
  both: Rgb;
  target: Rgb;
  far: Rgb;
  categories: readonly Rgb[];
  /** From few to many. */
  ramp: readonly Rgb[];
}

const light: Theme = {
  page: hex('#fcfcfa'),
  faint: hex('#e6e6e2'),
  pool: hex('#b4b7bd'),
  ink: '#1c1d20',
  accent: hex('#2160c4'),
  other: hex('#8a4fbe'),
  both: hex('#4b4f57'),
  target: hex('#b8480a'),
  far: hex('#c2185b'),
  categories: ['#2f8f83', '#c98a1b', '#7a5bb5', '#5b8c3a', '#c05a78', '#3f7cac', '#8c6d46', '#99a32c', '#6f7f95', '#b0603c'].map(hex),
  ramp: ramp(['#d7dfe6', '#8fb6c9', '#3f82a8', '#1f4e79', '#122a4a']),
};

const dark: Theme = {
  page: hex('#141517'),
  faint: hex('#26282b'),
  pool: hex('#5f646c'),
  ink: '#e8e8e4',
  accent: hex('#7fb2ff'),
  other: hex('#d6a4ff'),
  both: hex('#c9ccd2'),
  target: hex('#ffb067'),
  far: hex('#ff86ae'),
  categories: ['#59c0b2', '#e3b04b', '#a98be0', '#8fc46a', '#e58aa5', '#74b0dd', '#c0a074', '#c9d25a', '#a3b1c6', '#e0946f'].map(hex),
  ramp: ramp(['#2f3b46', '#2f6480', '#4b9bbd', '#9fd4e6', '#eefaff']),
};

const scheme = matchMedia('(prefers-color-scheme: dark)');

export const theme = (): Theme => (scheme.matches ? dark : light);

/** Calls when the reader changes the color scheme. */
export const onTheme = (listener: () => void): void => scheme.addEventListener('change', listener);

export const css = (color: Rgb): string => `#${color.map(part => part.toString(16).padStart(2, '0')).join('')}`;

/** Mixes two colors; share 0 is the first. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [part(0), part(1), part(2)];
}

function hex(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function ramp(stops: string[]): Rgb[] {
  const colors = stops.map(hex);
  return Array.from({ length: 24 }, (_, i) => {
    const at = (i / 23) * (colors.length - 1);
    const low = Math.min(Math.floor(at), colors.length - 2);
    return mix(colors[low]!, colors[low + 1]!, at - low);
  });
}
