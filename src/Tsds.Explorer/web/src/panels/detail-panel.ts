import { api, type RowDetail, type TargetDetail } from '../api';
import { type RowList as List, withoutRows, withRows } from '../changes';
import { beginning, count, measure, percent, plural } from '../format';
import { type Model, sentence } from '../model';
import { Bit } from '../state-bits';
import { type Child, fill, h, svg } from '../ui/dom';
import { conversation } from './conversation';

/** What the panel asks of the page. */
export interface DetailEvents {
  pick(point: number): void;
  /** A row or a target is shown: what it is tied to, for the lines on the map. */
  shown(detail: RowDetail | TargetDetail): void;
  near(row: number): void;
  list(title: string, rows: number[]): void;
}

const outcomeNames: Record<string, string> = {
  chosen: 'Chosen',
  reached: 'In reach, not drawn',
  unreached: 'Out of reach of every target',
  excluded: 'Left out',
  kept: 'Kept',
  copy: 'A copy',
  target: 'Made a target',
};

/** One row or one target in full. */
export class DetailPanel {
  private turn = 0;
  private point: number | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly model: Model,
    private readonly events: DetailEvents,
  ) {
    this.clear();
    model.states.on(() => {
      if (this.point !== null) {
        void this.show(this.point, false);
      }
    });
  }

  clear(): void {
    this.turn++;
    this.point = null;
    fill(
      this.element,
      h('p', { class: 'empty' }, 'Pick a row or a target on the map: its text, and why it was chosen or not, comes here.'),
    );
  }

  /** Shows a row, or a target. */
  async show(point: number, isNew = true): Promise<void> {
    const turn = ++this.turn;
    this.point = point;
    const { rows: n } = this.model.view;
    if (isNew) {
      fill(this.element, ...skeleton());
    }

    try {
      const plan = this.model.planId;
      const detail = point < n ? await api.row(point, plan) : await api.target(point - n, plan);
      if (turn !== this.turn) {
        return;
      }

      const scroll = this.element.scrollTop;
      const focused = (document.activeElement as HTMLElement | null)?.dataset['action'];
      fill(this.element, ...('row' in detail ? this.row(detail) : this.target(detail)));
      this.element.scrollTop = isNew ? 0 : scroll;
      if (focused && !isNew) {
        this.element.querySelector<HTMLElement>(`[data-action="${focused}"]`)?.focus();
      }

      this.events.shown(detail);
    } catch (error) {
      if (turn === this.turn) {
        fill(this.element, h('p', { class: 'problem' }, sentence(error)));
      }
    }
  }

  private row(row: RowDetail): Child[] {
    const { model } = this;
    const state = model.states.value.now[row.row] ?? 0;
    const changes = model.changes.value;
    const edit = (list: List) => model.edit(withRows(changes, list, [row.row]));
    const isIn = (list: List) => changes[list].includes(row.row);
    const action = (list: List, label: string, done: string) =>
      h(
        'button',
        {
          type: 'button',
          'data-action': list,
          'aria-pressed': String(isIn(list)),
          onclick: () => (isIn(list) ? model.edit(withoutRows(changes, [row.row])) : edit(list)),
        },
        isIn(list) ? done : label,
      );
    const targets = row.targets ?? [];
    const most = Math.max(...targets.map(target => target.mass), 1e-300);
    return [
      h(
        'header',
        { class: 'detail-head' },
        h('h2', {}, row.id && row.id !== String(row.row) ? beginning(row.id, 60) : `Row ${count(row.row)}`),
        h('span', { class: `badge ${state & Bit.chosen ? 'chosen' : ''}` }, outcomeNames[row.outcome] ?? row.outcome),
      ),
      h('p', { class: 'why' }, row.why),
      model.view.canPlan &&
        h(
          'div',
          { class: 'actions' },
          action('exclude', 'Leave out', 'Left out: put back'),
          action('keep', 'Keep', 'Kept: put back'),
          action('targets', 'More like this', 'Made a target: put back'),
        ),
      conversation(row.turns, row.next, start => api.row(row.row, model.planId, start)),
      h('button', { type: 'button', class: 'plain', onclick: () => this.events.near(row.row) }, 'Find the rows nearest to this one'),
      facts([
        ['probability', measure(row.probability)],
        ['drawn', row.count === null || row.count === undefined ? null : row.count === 1 ? 'once' : `${row.count} times`],
        ['density', row.density === null || row.density === undefined ? null : `${measure(row.density)} (1 is a row of its own kind)`],
        ['source', row.source ? beginning(row.source, 80) : null],
        ['stands in', row.file ? `${row.file}${row.line ? `, line ${count(row.line)}` : ''}` : null],
        ...(row.relevance ?? []).map(
          ({ task, targetShare }) =>
            [
              `relevance${task ? ` (${beginning(task, 40)})` : ''}`,
              targetShare === null || targetShare === undefined ? null : relevanceIn(targetShare),
            ] as const,
        ),
        ...shortFields(row).map(({ name, value }) => [beginning(name, 40), beginning(value, 120)] as const),
      ]),
      row.copyOf !== null && row.copyOf !== undefined
        ? h('p', {}, 'The same as ', this.link(row.copyOf), ', which stands for it.')
        : null,
      (row.copies?.length ?? 0) > 0 && [
        h('h3', {}, `${plural(row.copies!.length, 'copy', 'copies')}`),
        h('p', { class: 'links' }, ...row.copies!.slice(0, 30).flatMap(copy => [this.link(copy), ' '])),
      ],
      (row.nearCopies?.length ?? 0) > 0 && [
        h('h3', {}, 'Near-copies'),
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, th('row'), th('distance', true), th('drawn', true))),
          h(
            'tbody',
            {},
            ...row.nearCopies!.slice(0, 30).map(near =>
              h('tr', {}, h('td', {}, this.link(near.row)), td(measure(near.distance)), td(near.count > 0 ? count(near.count) : 'no')),
            ),
          ),
        ),
      ],
      h('h3', {}, targets.some(target => target.mass > 0) ? 'Targets that pull it' : 'Nearest targets'),
      targets.length > 0
        ? h(
            'table',
            {},
            h('thead', {}, h('tr', {}, th('target'), th('pull'), th('distance', true), th('place', true))),
            h(
              'tbody',
              {},
              ...targets.slice(0, 50).map(target =>
                h(
                  'tr',
                  {},
                  h('td', {}, this.targetLink(target.target, target.id)),
                  h('td', {}, h('meter', { min: 0, max: most, value: target.mass, title: `mass ${measure(target.mass)}` }, measure(target.mass))),
                  td(measure(target.distance)),
                  td(target.place ? count(target.place) : '–'),
                ),
              ),
            ),
          )
        : h('p', { class: 'quiet' }, 'No target is near this row.'),
      targets.length > 0 && h('p', { class: 'quiet' }, 'Place: 1 is the target’s nearest row of the pool.'),
    ];
  }

  private target(target: TargetDetail): Child[] {
    const { model } = this;
    const changes = model.changes.value;
    const isWithout = changes.withoutTargets.includes(target.target);
    const chosen = target.rows.filter(row => row.count > 0);
    return [
      h(
        'header',
        { class: 'detail-head' },
        h('h2', {}, target.id ? beginning(target.id, 60) : `Target ${count(target.target)}`),
        h('span', { class: `badge ${target.isOutOfReach ? 'far' : 'target'}` }, target.isOutOfReach ? 'Out of reach' : 'Target'),
      ),
      h(
        'p',
        { class: 'why' },
        target.isOutOfReach
          ? 'Its nearest row lies beyond the reach of most targets: the pool has little that is like it.'
          : `It draws on ${plural(target.rows.length, 'row')}, ${count(chosen.length)} of them chosen` +
              (target.betterServed === null || target.betterServed === undefined
                ? '.'
                : `; ${percent(target.betterServed)} of the targets are served better.`),
      ),
      conversation(target.turns, target.next, start => api.target(target.target, model.planId, start)),
      h('h3', {}, 'Water level'),
      waterLevel(target),
      facts([
        ['water level', measure(target.waterLevel)],
        ['median of all targets', measure(target.medianWaterLevel)],
        ['nearest row', target.nearestDistance === null ? null : `at distance ${measure(target.nearestDistance)}`],
        ['task', target.task ? beginning(target.task, 80) : null],
        ['stands in', target.file ? `${target.file}${target.line ? `, line ${count(target.line)}` : ''}` : null],
      ]),
      model.view.canPlan &&
        model.view.targets > 1 &&
        h(
          'div',
          { class: 'actions' },
          h(
            'button',
            {
              type: 'button',
              'data-action': 'without',
              'aria-pressed': String(isWithout),
              onclick: () =>
                model.edit({
                  ...changes,
                  withoutTargets: isWithout
                    ? changes.withoutTargets.filter(other => other !== target.target)
                    : [...changes.withoutTargets, target.target],
                }),
            },
            isWithout ? 'Left out: put back' : 'Leave it out',
          ),
          isWithout && this.whatIf(),
        ),
      h('h3', {}, 'Its rows, nearest first'),
      target.rows.length > 0
        ? h(
            'table',
            {},
            h('thead', {}, h('tr', {}, th('row'), th('distance', true), th('mass', true), th('drawn', true))),
            h(
              'tbody',
              {},
              ...target.rows.slice(0, 60).map(row =>
                h('tr', {}, h('td', {}, this.link(row.row, row.id)), td(measure(row.distance)), td(measure(row.mass)), td(row.count > 0 ? count(row.count) : 'no')),
              ),
            ),
          )
        : h('p', { class: 'quiet' }, 'It sends mass to no row.'),
      target.rows.length > 60 &&
        h(
          'button',
          { type: 'button', class: 'plain', onclick: () => this.events.list(`Rows of target ${target.id ?? target.target}`, target.rows.map(row => row.row)) },
          `List all ${count(target.rows.length)}`,
        ),
    ];
  }

  private whatIf(): HTMLElement {
    const plan = this.model.plan.value;
    return h(
      'p',
      { class: 'quiet' },
      plan && plan.plan !== '0'
        ? `Without it ${plural(plan.cameCount, 'row')} came and ${count(plan.wentCount)} went.${plan.canSave ? '' : ' It cannot be saved: the embeddings of your targets are combined of several files.'}`
        : '',
    );
  }

  private link(row: number, id?: string | null): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'plain', onclick: () => this.events.pick(row) },
      id && id !== String(row) ? beginning(id, 30) : `row ${count(row)}`,
    );
  }

  private targetLink(target: number, id?: string | null): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'plain', onclick: () => this.events.pick(this.model.view.rows + target) },
      id ? beginning(id, 30) : `target ${count(target)}`,
    );
  }
}

/** Says where a row stands among the targets by what all of them together ask for. */
function relevanceIn(share: number): string {
  return share <= 0
    ? 'less relevant than every one of your targets'
    : share >= 1
      ? 'at least as relevant as every one of your targets'
      : `as relevant as ${percent(share)} of your targets`;
}

/** The distances of a target's rows along a line, with the level up to which its mass reaches. */
function waterLevel(target: TargetDetail): Element {
  const level = target.waterLevel ?? 0;
  const median = target.medianWaterLevel ?? level;
  const rows = target.rows.slice(0, 400);
  const most = Math.max(level, median, ...rows.map(row => row.distance), 1e-9) * 1.06;
  const x = (distance: number) => `${((100 * distance) / most).toFixed(2)}%`;
  return h(
    'div',
    { class: 'water' },
    svg(
      'svg',
      { width: '100%', height: 44, role: 'img', 'aria-label': `Distances of ${rows.length} rows; the mass reaches up to ${measure(level)}, the median of all targets is ${measure(median)}.` },
      svg('rect', { x: 0, y: 8, width: x(level), height: 20, class: 'pool-of-water' }),
      ...rows.map(row => svg('circle', { cx: x(row.distance), cy: 18, r: row.count > 0 ? 3.5 : 2, class: row.count > 0 ? 'drawn' : 'dry' })),
      svg('line', { x1: x(level), x2: x(level), y1: 4, y2: 32, class: 'level' }),
      svg('line', { x1: x(median), x2: x(median), y1: 8, y2: 28, class: 'median' }),
      svg('text', { x: 0, y: 42 }, document.createTextNode('near')),
      svg('text', { x: '100%', y: 42, 'text-anchor': 'end' }, document.createTextNode(`distance ${measure(most)}`)),
    ),
  );
}

function facts(entries: readonly (readonly [string, string | null])[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...entries.filter(([, value]) => value !== null && value !== '–').map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** Returns the fields that the panel does not show elsewhere already: texts are above, and so are id and source. */
const shortFields = (row: RowDetail): { name: string; value: string }[] =>
  (row.fields ?? [])
    .filter(({ name, value }) => value.length <= 120 && name !== 'id' && name !== 'source' && !row.turns.some(turn => turn.text === value))
    .slice(0, 30);

const th = (text: string, isNumber = false) => h('th', { scope: 'col', class: isNumber ? 'number' : null }, text);

const td = (text: string) => h('td', { class: 'number' }, text);

const skeleton = () => [1, 2, 3].map(() => h('div', { class: 'skeleton', 'aria-hidden': 'true' }));
