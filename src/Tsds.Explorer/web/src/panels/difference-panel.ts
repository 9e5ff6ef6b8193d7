import { type Plan, rowsAtOnce } from '../api';
import { count, plural } from '../format';
import type { Model } from '../model';
import { fill, h } from '../ui/dom';
import { RowList } from './row-list';

/** What came and what went against the selection on disk, by source and with texts. */
export class DifferencePanel {
  private readonly summary = h('div', {});
  private readonly came: RowList;
  private readonly went: RowList;
  private readonly lists: HTMLElement;
  private readonly cameTitle = h('h3', {});
  private readonly wentTitle = h('h3', {});

  constructor(
    element: HTMLElement,
    private readonly model: Model,
    onPick: (row: number) => void,
  ) {
    this.came = new RowList(rowsAtOnce(model.view), onPick, 10);
    this.went = new RowList(rowsAtOnce(model.view), onPick, 10);
    this.lists = h('div', {}, this.cameTitle, this.came.element, this.wentTitle, this.went.element);
    fill(element, this.summary, this.lists);
    let shown: Plan | null = null;
    model.plan.watch(plan => {
      if (plan !== shown || !plan) {
        shown = plan;
        this.show(plan);
      }
    });
  }

  private show(plan: Plan | null): void {
    const isSame = !plan || (plan.cameCount === 0 && plan.wentCount === 0);
    this.lists.hidden = isSame;
    if (isSame) {
      fill(
        this.summary,
        h(
          'p',
          { class: 'empty' },
          this.model.isChanged && plan
            ? 'Your change chooses the same rows.'
            : 'Nothing is changed yet. Move a slider, or leave rows out: what comes and what goes is listed here.',
        ),
      );
      return;
    }

    const sources = plan.sources
      .filter(source => source.came > 0 || source.went > 0)
      .sort((a, b) => b.came + b.went - a.came - a.went)
      .slice(0, 30);
    const most = Math.max(...sources.map(source => Math.max(source.came, source.went)), 1);
    fill(
      this.summary,
      h(
        'p',
        { class: 'lead' },
        h('strong', { class: 'came' }, `+${count(plan.cameCount)}`),
        ' came, ',
        h('strong', { class: 'went' }, `−${count(plan.wentCount)}`),
        ` went; ${plural(plan.chosen, 'row')} chosen.`,
      ),
      h(
        'p',
        { class: 'quiet' },
        `Answered in ${count(plan.milliseconds)} ms${plan.certified ? '; proven optimal' : ''}.`,
      ),
      h(
        'table',
        {},
        h('caption', {}, 'By source'),
        h(
          'thead',
          {},
          h('tr', {}, h('th', { scope: 'col' }, 'source'), h('th', { scope: 'col', class: 'number' }, 'came'), h('th', { scope: 'col', class: 'number' }, 'went'), h('th', { scope: 'col', class: 'number' }, 'now')),
        ),
        h(
          'tbody',
          {},
          ...sources.map(source =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, h('span', { class: 'name', title: source.name }, source.name)),
              h('td', { class: 'number' }, h('meter', { min: 0, max: most, value: source.came, 'aria-hidden': 'true' }), source.came > 0 ? `+${count(source.came)}` : '0'),
              h('td', { class: 'number' }, h('meter', { class: 'went', min: 0, max: most, value: source.went, 'aria-hidden': 'true' }), source.went > 0 ? `−${count(source.went)}` : '0'),
              h('td', { class: 'number' }, count(source.after)),
            ),
          ),
        ),
      ),
    );
    this.cameTitle.textContent = `Came (${count(plan.cameCount)})`;
    this.wentTitle.textContent = `Went (${count(plan.wentCount)})`;
    this.came.show(plan.came, plan.cameCount, 'No row came.');
    this.went.show(plan.went, plan.wentCount, 'No row went.');
  }
}
