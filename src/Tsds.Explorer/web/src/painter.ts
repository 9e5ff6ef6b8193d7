import { css, mix, theme } from './colors';
import { binCount, binOf, type Columns, nameOf, type Values } from './columns';
import type { Filters } from './filters';
import { type Mark, Shape } from './map/marks';
import type { PoolMap } from './map/pool-map';
import type { Rgb } from './map/row-layer';
import type { Model } from './model';
import { Bit } from './state-bits';

/** What the colors stand for. */
export interface Key {
  readonly title: string;
  readonly entries: readonly { color: string; label: string; rows?: number }[];
  readonly ramp: { colors: readonly string[]; low: number; middle: number; high: number } | null;
}

/** Two selections on one map. */
export interface Comparison {
  readonly here: Uint8Array | null;
  readonly there: Uint8Array;
}

/** The colors of the first of these codes: hidden rows, those that a filter leaves out, the pool. */
const codes = { hidden: 0, faint: 1, pool: 2, first: 3 } as const;

/** Colors the map: rows by a column and the filters, and the marks of the selection over them. */
export class Painter {
  colorBy = '';
  isGrouped = false;
  comparison: Comparison | null = null;
  key: Key = { title: '', entries: [], ramp: null };

  /** The number of rows that the filters let through, or null without filters. */
  matching: number | null = null;

  private colorOf: (row: number) => Rgb | null = () => null;
  private mask: Uint8Array | null = null;
  private turn = 0;

  constructor(
    private readonly map: PoolMap,
    private readonly model: Model,
    private readonly columns: Columns,
    private readonly filters: Filters,
  ) {}

  /** Whether the rows that stay in color are gathered, not only filtered. */
  get isGathered(): boolean {
    return this.filters.gathering.value !== null;
  }

  /** Colors everything anew. */
  async paint(): Promise<void> {
    const turn = ++this.turn;
    const colors = theme();
    const { rows: n } = this.model.view;
    const mask = await this.filters.mask(this.model.states.value.now);
    const values = this.colorBy ? await this.columns.get(this.colorBy) : null;
    const groups = this.isGrouped && this.columns.find('group') ? (await this.columns.get('group')).codes : null;
    if (turn !== this.turn) {
      return;
    }

    const { codeOf, strong, key } = this.scheme(values);
    const pale = strong.map(color => mix(color, colors.page, 0.3));
    const painted = new Uint8Array(n);
    let matching = 0;
    for (let row = 0; row < n; row++) {
      const isIn = !mask || mask[row] === 1;
      matching += isIn ? 1 : 0;
      painted[row] = isIn ? (codeOf ? codeOf(row) : codes.pool) : codes.faint;
    }

    const sizes = groups ? this.group(groups, painted) : null;
    this.key = key;
    this.mask = mask;
    this.matching = mask ? matching : null;
    this.colorOf = row => (codeOf ? strong[codeOf(row) - codes.first]! : null);
    const plain = mask ? mix(colors.pool, theme().accent, 0.35) : colors.pool;
    this.mark(false);
    this.map.setInk(colors.ink, css(colors.accent));
    await this.map.setColors({ codes: painted, palette: [colors.page, colors.faint, plain, ...pale], page: colors.page, sizes });
  }

  /** Puts the marks of the selection on the map; from the last one to the one of now where it is animated. */
  mark(isAnimated: boolean): void {
    const colors = theme();
    const { rows: n, targets: m } = this.model.view;
    const { disk, before, now } = this.model.states.value;
    const size = sizeOf(this.model.view.chosen);
    const marks: Mark[] = [];
    const add = (point: number, shape: number, color: Rgb, from: number, to: number) => {
      if (from > 0 || to > 0) {
        marks.push({ point, shape, color, from: isAnimated ? from : to, to });
      }
    };

    if (this.comparison) {
      this.markComparison(this.comparison, size, add);
    } else {
      const [gone, chosen]: [number[], number[]] = [[], []];
      for (let row = 0; row < n; row++) {
        if ((now[row]! | before[row]! | disk[row]!) & Bit.chosen || now[row]! & (Bit.excluded | Bit.madeTarget)) {
          (now[row]! & Bit.chosen ? chosen : gone).push(row);
        }
      }

      for (const row of gone) {
        const was = before[row]! & Bit.chosen ? size : 0;
        const isRemembered = disk[row]! & Bit.chosen || now[row]! & Bit.excluded && !(disk[row]! & Bit.excluded);
        if (now[row]! & Bit.madeTarget) {
          add(row, Shape.diamond, colors.target, was, targetSizeOf(m));
        } else if (was > 0 && !isRemembered) {
          add(row, Shape.disc, colors.accent, was, 0);
        } else if (isRemembered && disk[row]! & Bit.chosen) {
          add(row, Shape.ring, now[row]! & Bit.excluded ? colors.far : mix(colors.accent, colors.page, 0.35), was, size * 0.9);
        } else if (isRemembered) {
          add(row, Shape.disc, mix(colors.far, colors.page, 0.6), before[row]! & Bit.excluded ? size * 0.7 : 0, size * 0.7);
        }
      }

      for (const row of chosen) {
        const isFaint = this.mask && this.mask[row] === 0;
        const isNew = !(disk[row]! & Bit.chosen);
        const color = isFaint ? mix(colors.pool, colors.page, 0.25) : (this.colorOf(row) ?? colors.accent);
        const to = isFaint ? size * 0.6 : isNew ? size * 1.25 : size;
        add(row, Shape.disc, color, before[row]! & Bit.chosen ? to : 0, to);
        if (now[row]! & Bit.madeTarget) {
          add(row, Shape.hollowDiamond, colors.target, 0, targetSizeOf(m) + 4);
        }
      }
    }

    for (let target = 0; target < m; target++) {
      const state = now[n + target]!;
      const isFar = (state & Bit.outOfReach) !== 0;
      const shape = state & Bit.leftOut ? Shape.hollowDiamond : Shape.diamond;
      add(n + target, shape, isFar ? colors.far : colors.target, targetSizeOf(m), targetSizeOf(m));
    }

    this.map.setMarks(marks, isAnimated);
  }

  private markComparison(
    { here, there }: Comparison,
    size: number,
    add: (point: number, shape: number, color: Rgb, from: number, to: number) => void,
  ): void {
    const colors = theme();
    const { now } = this.model.states.value;
    for (let row = 0; row < this.model.view.rows; row++) {
      const [a, b] = [here ? here[row]! > 0 : (now[row]! & Bit.chosen) > 0, there[row]! > 0];
      if (a || b) {
        const color = a && b ? colors.both : a ? colors.accent : colors.other;
        add(row, Shape.disc, color, size, a && b ? size * 0.85 : size);
      }
    }
  }

  /** Makes each group of copies one point, which is larger the more copies it has; the others are hidden. */
  private group(groups: Int32Array, painted: Uint8Array): Uint8Array {
    const { now } = this.model.states.value;
    const first = new Map<number, number>();
    const count = new Map<number, number>();
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row]!;
      if (group >= 0) {
        const holder = first.get(group);
        if (holder === undefined || (now[row]! & Bit.chosen && !(now[holder]! & Bit.chosen))) {
          first.set(group, row);
        }

        count.set(group, (count.get(group) ?? 0) + 1);
      }
    }

    const sizes = new Uint8Array(groups.length);
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row]!;
      if (group >= 0 && first.get(group) !== row) {
        painted[row] = codes.hidden;
      } else if (group >= 0) {
        sizes[row] = Math.min(3, Math.floor(Math.log2(count.get(group)!)));
      }
    }

    return sizes;
  }

  /** Decides how a column is colored. */
  private scheme(values: Values | null): { codeOf: ((row: number) => number) | null; strong: readonly Rgb[]; key: Key } {
    const colors = theme();
    if (!values) {
      return { codeOf: null, strong: [], key: { title: 'Selection', entries: [], ramp: null } };
    }

    const { column } = values;
    if (values.codes) {
      const known = values.frequent.filter(({ code }) => code >= 0);
      const shown = known.slice(0, colors.categories.length);
      const place = new Map(shown.map(({ code }, i) => [code, codes.first + i]));
      const rest = codes.first + shown.length;
      const others = values.frequent.filter(({ code }) => !place.has(code));
      const data = values.codes;
      const strong = [...colors.categories.slice(0, shown.length), colors.pool];

      // Of a column with very many values each gets one of the colors, which repeat.
      const repeats = column.name === 'nearestTarget' || column.name === 'group';
      return {
        codeOf: repeats
          ? row => (data[row]! < 0 ? rest : codes.first + (data[row]! % shown.length))
          : row => place.get(data[row]!) ?? rest,
        strong,
        key: {
          title: column.label,
          ramp: null,
          entries: repeats
            ? [{ color: css(colors.pool), label: `${known.length} values; colors repeat` }]
            : [
                ...shown.map(({ code, rows }, i) => ({ color: css(colors.categories[i]!), label: nameOf(column, code), rows })),
                ...(others.length > 0
                  ? [
                      {
                        color: css(colors.pool),
                        label: others.length === 1 ? nameOf(column, others[0]!.code) : `${others.length} others`,
                        rows: others.reduce((sum, { rows }) => sum + rows, 0),
                      },
                    ]
                  : []),
              ],
        },
      };
    }

    const data = values.numbers!;
    const bounds = values.bounds;
    return {
      codeOf: row => (Number.isNaN(data[row]!) ? codes.first + binCount : codes.first + binOf(bounds, data[row]!)),
      strong: [...colors.ramp, colors.pool],
      key: {
        title: column.label,
        entries: [],
        ramp: {
          colors: colors.ramp.map(css),
          low: values.range[0],
          middle: bounds[Math.floor(binCount / 2) - 1]!,
          high: values.range[1],
        },
      },
    };
  }
}

const sizeOf = (chosen: number): number => (chosen < 1_000 ? 8.5 : chosen < 5_000 ? 6.5 : chosen < 20_000 ? 5 : chosen < 80_000 ? 4 : 3);

const targetSizeOf = (targets: number): number => (targets <= 100 ? 13 : targets <= 500 ? 11 : 8);
