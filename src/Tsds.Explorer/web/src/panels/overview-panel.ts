import { api, rowsAtOnce, type ShortTarget } from '../api';
import { beginning, count, measure, percent, plural } from '../format';
import { type Model, sentence } from '../model';
import { Bit } from '../state-bits';
import { fill, h } from '../ui/dom';

const page = 25;

/** The selection in figures, and its targets, those that are served worst first. */
export class OverviewPanel {
  private readonly figures = h('dl', { class: 'figures' });
  private readonly targets = h('div', { class: 'row-list' });
  private readonly texts = new Map<number, ShortTarget>();
  private shown = page;

  constructor(
    element: HTMLElement,
    private readonly model: Model,
    private readonly onPick: (point: number) => void,
  ) {
    fill(element, this.figures, h('h3', {}, 'Targets, worst served first'), this.targets);
    model.plan.on(() => this.update());
    model.states.on(() => this.update());
    this.update();
  }

  private update(): void {
    const { view } = this.model;
    const plan = this.model.plan.value;
    const chosen = plan?.chosen ?? view.chosen;
    const far = this.farTargets();
    const figure = (name: string, value: string, note: string) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, h('span', { class: 'value' }, value), h('span', { class: 'ref' }, note)));
    fill(
      this.figures,
      figure('chosen', count(chosen), `${percent(chosen / Math.max(1, view.rows))} of ${count(view.rows)}`),
      figure('in reach', count(plan?.reached ?? view.reached), 'rows that a target pulls'),
      figure('targets', count(view.targets), far > 0 ? `${count(far)} out of reach` : 'all in reach'),
      view.copies > 0 ? figure('copies', count(view.copies), 'drawn once at most') : null,
      plan ? figure('different rows', measure(plan.expectedDistinct), 'in independent draws') : null,
      plan
        ? figure('certificate', plan.certified ? 'optimal' : 'open', plan.certified ? 'proven for this plan' : `gap ${measure(plan.gap)}`)
        : view.canPlan
          ? figure('certificate', '…', 'being proven once more')
          : null,
    );
    void this.showTargets();
  }

  private farTargets(): number {
    const { rows: n, targets: m } = this.model.view;
    const { now } = this.model.states.value;
    let far = 0;
    for (let target = 0; target < m; target++) {
      far += now[n + target]! & Bit.outOfReach ? 1 : 0;
    }

    return far;
  }

  private async showTargets(): Promise<void> {
    const { rows: n, targets: m } = this.model.view;
    const atOnce = rowsAtOnce(this.model.view);
    const { now } = this.model.states.value;
    const levels = this.model.plan.value?.targets;
    const isFar = (target: number) => (now[n + target]! & Bit.outOfReach) !== 0;
    const order = Array.from({ length: m }, (_, target) => target).sort(
      (a, b) =>
        Number(isFar(b)) - Number(isFar(a)) || (levels?.[b]?.waterLevel ?? 0) - (levels?.[a]?.waterLevel ?? 0) || a - b,
    );
    const batch = order.slice(0, this.shown);
    const missing = batch.filter(target => !this.texts.has(target));
    try {
      for (let i = 0; i < missing.length; i += atOnce) {
        for (const target of (await api.targets(missing.slice(i, i + atOnce))).targets) {
          this.texts.set(target.target, target);
        }
      }
    } catch (error) {
      fill(this.targets, h('p', { class: 'problem' }, sentence(error)));
      return;
    }

    const more = h(
      'button',
      {
        type: 'button',
        class: 'plain',
        onclick: () => {
          this.shown += page;
          void this.showTargets();
        },
      },
      `Show more of ${plural(m, 'target')}`,
    );
    fill(
      this.targets,
      h(
        'ul',
        {},
        ...batch.map(target => {
          const known = this.texts.get(target);
          const level = levels?.[target];
          return h(
            'li',
            {},
            h(
              'button',
              { type: 'button', class: 'entry', 'data-target': target, onclick: () => this.onPick(n + target) },
              h('span', { class: 'text', dir: 'auto' }, beginning(known?.text, 200) || `Target ${count(target)}`),
              h(
                'span',
                { class: isFar(target) ? 'ref far' : 'ref' },
                [
                  known?.id && beginning(known.id, 40),
                  known?.task && beginning(known.task, 40),
                  isFar(target) ? 'out of reach' : null,
                  level && `water level ${measure(level.waterLevel)}`,
                ]
                  .filter(Boolean)
                  .join(' · '),
              ),
            ),
          );
        }),
      ),
      batch.length < m && more,
    );
  }
}
