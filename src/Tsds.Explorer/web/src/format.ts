const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const few = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A count with separators. */
export const count = (value: number): string => whole.format(value);

/** A measure with three significant digits; very small ones as powers of ten. */
export function measure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '–';
  }

  if (value !== 0 && Math.abs(value) < 0.001) {
    return value.toExponential(1).replace('e-', ' × 10⁻').replace(/⁻(\d+)$/, (_, digits: string) => '⁻' + raised(digits));
  }

  return few.format(value);
}

/** A share as percent. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value === 0 ? 0 : value < 1 ? few.format(value) : value < 10 ? value.toFixed(1) : Math.round(value)}\u00a0%`;
}

/** A noun behind its number. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** The beginning of a text on one line. */
export function beginning(text: string | null | undefined, length = 160): string {
  const line = (text ?? '').slice(0, length * 4).replace(/\s+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

const raised = (digits: string): string => [...digits].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
