import type { PlanRequest } from './api';

/** What was changed against the selection on disk. Never modified: every edit makes a new one. */
export interface Changes {
  readonly budget?: string;
  readonly alpha?: number;
  readonly relevance?: number;
  readonly bandwidth?: number | 'auto';
  readonly exclude: readonly number[];
  readonly keep: readonly number[];
  readonly targets: readonly number[];
  /** The largest share of each source that has one; null until a cap was touched. */
  readonly caps: Readonly<Record<string, number>> | null;
  readonly withoutTargets: readonly number[];
}

export const none: Changes = { exclude: [], keep: [], targets: [], caps: null, withoutTargets: [] };

export type RowList = 'exclude' | 'keep' | 'targets';

/** Puts rows into one of the lists, and takes them out of the others. */
export function withRows(changes: Changes, list: RowList, rows: Iterable<number>): Changes {
  const added = new Set(rows);
  const without = (numbers: readonly number[]) => numbers.filter(row => !added.has(row));
  return {
    ...changes,
    exclude: without(changes.exclude),
    keep: without(changes.keep),
    targets: without(changes.targets),
    [list]: [...without(changes[list]), ...added].sort((a, b) => a - b),
  };
}

/** Takes rows out of all lists. */
export function withoutRows(changes: Changes, rows: Iterable<number>): Changes {
  const removed = new Set(rows);
  const without = (numbers: readonly number[]) => numbers.filter(row => !removed.has(row));
  return { ...changes, exclude: without(changes.exclude), keep: without(changes.keep), targets: without(changes.targets) };
}

export const isNone = (changes: Changes): boolean => JSON.stringify(toRequest(changes)) === '{}';

/** Writes the changes as the server takes them: what was left alone is left out. */
export function toRequest(changes: Changes): PlanRequest {
  const { budget, alpha, relevance, bandwidth, exclude, keep, targets, caps, withoutTargets } = changes;
  return {
    ...(budget !== undefined && { budget }),
    ...(alpha !== undefined && { alpha }),
    ...(relevance !== undefined && { relevance }),
    ...(bandwidth !== undefined && { bandwidth }),
    ...(exclude.length > 0 && { exclude: [...exclude] }),
    ...(keep.length > 0 && { keep: [...keep] }),
    ...(targets.length > 0 && { targets: [...targets] }),
    ...(caps && { caps: Object.entries(caps).map(([source, share]) => ({ source, share })) }),
    ...(withoutTargets.length > 0 && { withoutTargets: [...withoutTargets] }),
  };
}

const longestList = 500;

/** Writes the changes for a link; lists that are too long for one are left out. */
export function toLink(changes: Changes): string {
  const request = toRequest(changes);
  for (const list of ['exclude', 'keep', 'targets'] as const) {
    if ((request[list]?.length ?? 0) > longestList) {
      delete request[list];
    }
  }

  const text = JSON.stringify(request);
  return text === '{}' ? '' : text;
}

/** Reads the changes of a link; what is not understood counts as nothing. */
export function fromLink(text: string | null): Changes {
  if (!text) {
    return none;
  }

  try {
    const read = JSON.parse(text) as PlanRequest;
    const rows = (list: unknown) =>
      Array.isArray(list) ? list.filter((row): row is number => Number.isSafeInteger(row) && row >= 0) : [];
    const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
    const alpha = number(read.alpha);
    const relevance = number(read.relevance);
    const bandwidth = read.bandwidth === 'auto' ? 'auto' : number(read.bandwidth);
    return {
      ...(typeof read.budget === 'string' && { budget: read.budget.slice(0, 40) }),
      ...(alpha !== undefined && { alpha }),
      ...(relevance !== undefined && { relevance }),
      ...(bandwidth !== undefined && { bandwidth }),
      exclude: rows(read.exclude),
      keep: rows(read.keep),
      targets: rows(read.targets),
      caps: Array.isArray(read.caps)
        ? Object.fromEntries(read.caps.filter(cap => cap && number(cap.share)).map(cap => [String(cap.source), cap.share]))
        : null,
      withoutTargets: rows(read.withoutTargets),
    };
  } catch {
    return none;
  }
}
