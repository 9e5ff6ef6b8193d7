import { type Changes, fromLink, toLink } from './changes';
import type { Condition, FilterState, Outcome } from './filters';
import { outcomes } from './filters';

/** What a link keeps of the view. */
export interface Link {
  projection: string | null;
  colorBy: string | null;
  isGrouped: boolean | null;
  camera: { x: number; y: number; zoom: number } | null;
  point: number | null;
  tab: string | null;
  filter: FilterState;
  changes: Changes;
}

/** Reads the view from the address; what is not understood is left out. */
export function readLink(hash: string): Link {
  const read = new URLSearchParams(hash.replace(/^#/u, ''));
  const number = (name: string) => {
    const value = Number.parseFloat(read.get(name) ?? '');
    return Number.isFinite(value) ? value : null;
  };
  const [x, y, zoom, point] = [number('x'), number('y'), number('z'), number('p')];
  return {
    projection: read.get('map'),
    colorBy: read.get('color'),
    isGrouped: read.has('copies') ? read.get('copies') === 'one' : null,
    camera: x !== null && y !== null && zoom !== null && zoom > 0 ? { x, y, zoom } : null,
    point: point !== null && Number.isSafeInteger(point) && point >= 0 ? point : null,
    tab: read.get('tab'),
    filter: readFilter(read.get('filter')),
    changes: fromLink(read.get('change')),
  };
}

/** Writes the view for the address. */
export function writeLink(link: Link): string {
  const written = new URLSearchParams();
  const set = (name: string, value: string | number | null) => {
    if (value !== null && value !== '') {
      written.set(name, String(value));
    }
  };
  set('map', link.projection);
  set('color', link.colorBy);
  set('copies', link.isGrouped === null ? null : link.isGrouped ? 'one' : 'all');
  if (link.camera) {
    set('x', round(link.camera.x));
    set('y', round(link.camera.y));
    set('z', round(link.camera.zoom));
  }

  set('p', link.point);
  set('tab', link.tab);
  const { conditions, outcomes: wanted } = link.filter;
  if (Object.keys(conditions).length > 0 || wanted.length > 0) {
    set('filter', JSON.stringify({ c: conditions, o: wanted }));
  }

  set('change', toLink(link.changes));
  const text = written.toString();
  return text ? `#${text}` : '';
}

function readFilter(text: string | null): FilterState {
  const empty: FilterState = { conditions: {}, outcomes: [] };
  if (!text) {
    return empty;
  }

  try {
    const read = JSON.parse(text) as { c?: Record<string, unknown>; o?: unknown };
    const conditions: Record<string, Condition> = {};
    for (const [name, value] of Object.entries(read.c ?? {})) {
      const { codes, least, most } = (value ?? {}) as { codes?: unknown; least?: unknown; most?: unknown };
      if (Array.isArray(codes)) {
        conditions[name] = { codes: codes.filter((code): code is number => Number.isSafeInteger(code)) };
      } else {
        conditions[name] = { least: typeof least === 'number' ? least : null, most: typeof most === 'number' ? most : null };
      }
    }

    return { conditions, outcomes: Array.isArray(read.o) ? outcomes.filter(outcome => (read.o as Outcome[]).includes(outcome)) : [] };
  } catch {
    return empty;
  }
}

const round = (value: number): number => Number(value.toPrecision(5));
