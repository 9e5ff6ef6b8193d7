import type { Columns } from './columns';
import { Signal } from './signal';
import { Bit } from './state-bits';

/** One condition on a column. */
export type Condition = { codes: readonly number[] } | { least: number | null; most: number | null };

/** What became of a row. */
export const outcomes = ['chosen', 'reached, not drawn', 'not reached', 'a copy', 'left out'] as const;
export type Outcome = (typeof outcomes)[number];

/** Rows that were gathered by a lasso, a search or otherwise. */
export interface Gathering {
  readonly title: string;
  readonly rows: Uint32Array;
  /** Whether the rows are in an order that means something. */
  readonly isRanked: boolean;
}

export interface FilterState {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly outcomes: readonly Outcome[];
}

/** Which rows are shown in color; the others stay visible in gray. */
export class Filters {
  readonly state = new Signal<FilterState>({ conditions: {}, outcomes: [] });
  readonly gathering = new Signal<Gathering | null>(null);

  constructor(
    private readonly columns: Columns,
    private readonly rowCount: number,
  ) {}

  get isActive(): boolean {
    const { conditions, outcomes: wanted } = this.state.value;
    return Object.keys(conditions).length > 0 || wanted.length > 0;
  }

  setCondition(name: string, condition: Condition | null): void {
    const conditions = { ...this.state.value.conditions };
    if (condition) {
      conditions[name] = condition;
    } else {
      delete conditions[name];
    }

    this.state.set({ ...this.state.value, conditions });
  }

  setOutcomes(wanted: readonly Outcome[]): void {
    this.state.set({ ...this.state.value, outcomes: wanted });
  }

  clear(): void {
    this.state.set({ conditions: {}, outcomes: [] });
  }

  /** Returns 1 for each row that all filters let through, or null where there is none. */
  async mask(state: Uint8Array, withGathering = true): Promise<Uint8Array | null> {
    const { conditions, outcomes: wanted } = this.state.value;
    const gathering = withGathering ? this.gathering.value : null;
    if (!this.isActive && !gathering) {
      return null;
    }

    const mask = new Uint8Array(this.rowCount);
    if (gathering) {
      for (const row of gathering.rows) {
        mask[row] = 1;
      }
    } else {
      mask.fill(1);
    }

    for (const [name, condition] of Object.entries(conditions)) {
      const values = await this.columns.get(name);
      if ('codes' in condition && values.codes) {
        const codes = new Set(condition.codes);
        for (let row = 0; row < this.rowCount; row++) {
          if (!codes.has(values.codes[row]!)) {
            mask[row] = 0;
          }
        }
      } else if (!('codes' in condition) && values.numbers) {
        const [least, most] = [condition.least ?? -Infinity, condition.most ?? Infinity];
        for (let row = 0; row < this.rowCount; row++) {
          const value = values.numbers[row]!;
          if (!(value >= least && value <= most)) {
            mask[row] = 0;
          }
        }
      }
    }

    if (wanted.length > 0) {
      const set = new Set(wanted);
      for (let row = 0; row < this.rowCount; row++) {
        if (!set.has(outcomeOf(state[row]!))) {
          mask[row] = 0;
        }
      }
    }

    return mask;
  }
}

export function outcomeOf(state: number): Outcome {
  if (state & Bit.chosen) {
    return 'chosen';
  }

  if (state & (Bit.excluded | Bit.madeTarget)) {
    return 'left out';
  }

  if (state & Bit.copy) {
    return 'a copy';
  }

  return state & Bit.reached ? 'reached, not drawn' : 'not reached';
}
