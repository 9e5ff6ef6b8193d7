import { api, type Column } from './api';

/** The values of one column for all rows. */
export interface Values {
  readonly column: Column;
  /** The code of each row, −1 for none; of a category. */
  readonly codes: Int32Array | null;
  /** The value of each row, NaN for none; of a number. */
  readonly numbers: Float32Array | null;
  /** Upper bounds of bins with about as many rows each; of a number. */
  readonly bounds: Float32Array;
  /** The codes with most rows first, and how many each has; of a category. */
  readonly frequent: readonly { code: number; rows: number }[];
  /** The least and the most; of a number. */
  readonly range: readonly [number, number];
}

export const binCount = 24;

/** Columns that another plan changes. */
const planned = ['probability', 'density'];

/** Columns, each fetched when first asked for. */
export class Columns {
  private readonly fetched = new Map<string, Promise<Values>>();

  /** The plan whose probabilities and densities are wanted. */
  private plan = '0';

  constructor(readonly all: readonly Column[]) {}

  /** Takes what depends on the plan from this one; returns whether a column is another one now. */
  usePlan(plan: string, name: string): boolean {
    if (plan !== this.plan) {
      this.plan = plan;
      planned.forEach(column => this.fetched.delete(column));
      return planned.includes(name);
    }

    return false;
  }

  find(name: string): Column | undefined {
    return this.all.find(column => column.name === name);
  }

  get(name: string): Promise<Values> {
    let values = this.fetched.get(name);
    if (!values) {
      values = this.fetch(name);
      this.fetched.set(name, values);
      values.catch(() => this.fetched.delete(name));
    }

    return values;
  }

  private async fetch(name: string): Promise<Values> {
    const column = this.find(name);
    if (!column) {
      throw new Error(`Expected a column of the pool, found "${name}".`);
    }

    const bytes = await (planned.includes(name) && this.plan !== '0' ? api.planColumn(this.plan, name) : api.column(name));
    if (column.kind === 'category') {
      const codes = new Int32Array(bytes);
      const rows = new Map<number, number>();
      for (const code of codes) {
        rows.set(code, (rows.get(code) ?? 0) + 1);
      }

      const frequent = [...rows].map(([code, n]) => ({ code, rows: n })).sort((a, b) => b.rows - a.rows || a.code - b.code);
      return { column, codes, numbers: null, bounds: new Float32Array(0), frequent, range: [0, 0] };
    }

    const numbers = new Float32Array(bytes);
    let [low, high] = [Infinity, -Infinity];
    for (const value of numbers) {
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    return { column, codes: null, numbers, bounds: boundsOf(numbers), frequent: [], range: low <= high ? [low, high] : [0, 0] };
  }
}

/** Returns the name of a code. */
export function nameOf(column: Column, code: number): string {
  if (code < 0) {
    return 'none';
  }

  return column.values?.[code] ?? (column.name === 'nearestTarget' ? `target ${code}` : `${column.label} ${code}`);
}

/** Returns the bin of a value: the first whose bound is not below it. */
export function binOf(bounds: Float32Array, value: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }

  return low;
}

/** Quantiles of a sample at even steps. */
function boundsOf(numbers: Float32Array): Float32Array {
  const step = Math.max(1, Math.floor(numbers.length / 50_000));
  const sample = [];
  for (let i = 0; i < numbers.length; i += step) {
    if (Number.isFinite(numbers[i])) {
      sample.push(numbers[i]!);
    }
  }

  const sorted = Float32Array.from(sample).sort();
  return Float32Array.from({ length: binCount }, (_, bin) =>
    sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(((bin + 1) * sorted.length) / binCount))]!,
  );
}
