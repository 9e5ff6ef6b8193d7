/** What the server answers; docs/explorer.md describes it. */

export interface Settings {
  budget: string;
  budgetRows: number;
  alpha: number | null;
  relevance: number | null;
  bandwidth: number;
  bandwidthAutomatic: boolean;
  scale: number;
  sampling: string;
  caps: Cap[];
}

export interface Cap {
  source: string;
  share: number;
}

export interface Source {
  name: string;
  rows: number;
  chosen: number;
}

export interface Column {
  name: string;
  label: string;
  kind: 'category' | 'number';
  values?: string[] | null;
  least?: number | null;
  most?: number | null;
  field: boolean;
}

export type ProjectionState = 'waiting' | 'working' | 'ready' | 'failed';

export interface Projection {
  name: string;
  state: ProjectionState;
  stage?: string | null;
  share?: number | null;
  error?: string | null;
}

export interface Layer {
  name: string;
  kind: 'selection' | 'method';
  chosen: number;
}

export interface View {
  folder: string;
  tool: string;
  method: string;
  rows: number;
  targets: number;
  chosen: number;
  reached: number;
  copies: number;
  excluded: number;
  hasTexts: boolean;
  canSearch: boolean;
  canSearchNear: boolean;
  canPlan: boolean;
  cannotPlan?: string | null;
  settings: Settings;
  sources: Source[];
  columns: Column[];
  projections: Projection[];
  layers: Layer[];
  limits: { rowsPerRequest: number; charactersPerRow: number; charactersPerPage: number; searchHits: number; madeTargets: number };
  plan: string;
}

export interface Turn {
  role: string;
  text: string;
}

export interface ShortRow {
  row: number;
  id?: string | null;
  source?: string | null;
  text?: string | null;
  cut?: boolean;
}

export interface ShortTarget {
  target: number;
  id?: string | null;
  task?: string | null;
  text?: string | null;
  cut?: boolean;
}

export interface RowTarget {
  target: number;
  id?: string | null;
  mass: number;
  distance: number;
  nearness?: number | null;
  place?: number | null;
  waterLevel: number;
  neighborsUsed: number;
}

export interface RowDetail {
  row: number;
  id?: string | null;
  file?: string | null;
  line?: number | null;
  source?: string | null;
  turns: Turn[];
  start: number;
  next?: number | null;
  characters: number;
  fields?: { name: string; value: string }[] | null;
  outcome: string;
  why: string;
  count?: number | null;
  probability?: number | null;
  expectedCount?: number | null;
  density?: number | null;
  bandwidth?: number | null;
  copyOf?: number | null;
  copies?: number[] | null;
  nearCopies?: { row: number; distance: number; count: number }[] | null;
  relevance?: { task?: string | null; targetShare?: number | null; cost: number }[] | null;
  targets?: RowTarget[] | null;
}

export interface TargetDetail {
  target: number;
  id?: string | null;
  file?: string | null;
  line?: number | null;
  task?: string | null;
  turns: Turn[];
  start: number;
  next?: number | null;
  weight?: number | null;
  waterLevel?: number | null;
  medianWaterLevel?: number | null;
  neighborsUsed?: number | null;
  nearestDistance?: number | null;
  betterServed?: number | null;
  isOutOfReach: boolean;
  transportCost?: number | null;
  rows: { row: number; id?: string | null; distance: number; mass: number; count: number; probability?: number | null }[];
}

export interface PathPoint {
  alpha: number;
  tradeoff: number;
  effectiveNeighbors: number;
  transportCost: number;
  support: number;
  expectedDistinct?: number | null;
}

export interface PlanRequest {
  budget?: string;
  alpha?: number;
  relevance?: number;
  bandwidth?: number | 'auto';
  exclude?: number[];
  keep?: number[];
  targets?: number[];
  caps?: Cap[];
  withoutTargets?: number[];
}

export interface Plan {
  plan: string;
  chosen: number;
  reached: number;
  kept?: number;
  settings: Settings;
  transportCost: number;
  expectedDistinct?: number | null;
  effectiveNeighbors: number;
  certified: boolean;
  gap?: number | null;
  cameCount: number;
  wentCount: number;
  came: number[];
  went: number[];
  sources: { name: string; before: number; after: number; came: number; went: number }[];
  targets: { waterLevel: number; neighborsUsed: number; outOfReach: boolean }[];
  path: PathPoint[];
  milliseconds: number;
  canSave: boolean;
}

export interface Command {
  command: string;
  files: { path: string; what: string }[];
}

/** What came out of verifying a folder that was saved. */
export interface Verified {
  agrees: boolean;
  checks: { name: string; agrees: boolean; text: string }[];
}

export interface Saved {
  folder: string;
  rows: number;
  command: string;
}

/** How many rows can be asked for at once so that no text is cut for the sake of another. */
export const rowsAtOnce = ({ limits }: View): number =>
  Math.max(1, Math.min(limits.rowsPerRequest, Math.floor(limits.charactersPerPage / limits.charactersPerRow)));

/** An answer that is not the one that was asked for; the message is the server's own sentence. */
export class ServerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function answer(address: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }

    throw new ServerError(0, 'The explorer does not answer: is "tsds explore" still running?');
  }

  if (!response.ok) {
    let sentence = `The explorer answered with status ${response.status}.`;
    try {
      sentence = ((await response.json()) as { error?: string }).error ?? sentence;
    } catch {
      // Not JSON: the status has to do.
    }

    throw new ServerError(response.status, sentence);
  }

  return response;
}

const json = async <T>(address: string, init?: RequestInit): Promise<T> => (await answer(address, init)).json() as Promise<T>;

const bytes = async (address: string): Promise<ArrayBuffer> => (await answer(address)).arrayBuffer();

const post = <T>(address: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  json<T>(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

export const api = {
  view: () => json<View>('/api/view'),
  points: (projection: string) => bytes(`/api/points?projection=${encodeURIComponent(projection)}`),
  column: (name: string) => bytes(`/api/column?name=${encodeURIComponent(name)}`),
  planColumn: (plan: string, name: string) => bytes(`/api/plan/${plan}/column?name=${encodeURIComponent(name)}`),
  rows: (ids: number[]) => json<{ rows: ShortRow[] }>(`/api/rows?ids=${ids.join(',')}`),
  targets: (ids: number[]) => json<{ targets: ShortTarget[] }>(`/api/targets?ids=${ids.join(',')}`),
  row: (row: number, plan: string, start = 0) => json<RowDetail>(`/api/row/${row}?plan=${plan}&start=${start}`),
  target: (target: number, plan: string, start = 0) =>
    json<TargetDetail>(`/api/target/${target}?plan=${plan}&start=${start}`),
  search: (words: string) => json<{ total: number; rows: number[] }>(`/api/search?q=${encodeURIComponent(words)}`),
  nearText: (text: string, count: number) =>
    json<{ rows: { row: number; distance: number }[] }>(`/api/near?text=${encodeURIComponent(text)}&count=${count}`),
  nearRow: (row: number, count: number) =>
    json<{ rows: { row: number; distance: number }[] }>(`/api/near?row=${row}&count=${count}`),
  plan: (request: PlanRequest, signal?: AbortSignal) => post<Plan>('/api/plan', request, signal),
  state: (plan: string) => bytes(`/api/plan/${plan}/state`),
  layer: (layer: number) => bytes(`/api/layer/${layer}`),
  command: (plan: string, folder: string) => post<Command>('/api/command', { plan, folder }),
  save: (plan: string, folder: string) => post<Saved>('/api/save', { plan, folder }),
  verify: (folder: string) => post<Verified>('/api/verify', { folder }),
};
