import { type RowList as List, withRows } from '../changes';
import type { Filters } from '../filters';
import { count, plural } from '../format';
import type { Model } from '../model';
import { Bit } from '../state-bits';
import { fill, h } from '../ui/dom';
import { say } from '../ui/status';

/** What can be done with the rows of a lasso, a search or a filter: a bar over the map. */
export class GatheringBar {
  constructor(
    private readonly element: HTMLElement,
    private readonly model: Model,
    private readonly filters: Filters,
    private readonly onList: () => void,
    private readonly onClear: () => void,
  ) {
    filters.gathering.watch(() => this.update());
    model.states.on(() => this.update());
  }

  private update(): void {
    const gathering = this.filters.gathering.value;
    this.element.hidden = !gathering;
    if (!gathering) {
      return;
    }

    const { now } = this.model.states.value;
    const chosen = gathering.rows.reduce((sum, row) => sum + (now[row]! & Bit.chosen), 0);
    const most = this.model.view.limits.madeTargets;
    const rows = gathering.rows.length;
    const edit = (list: List, done: string) => () => {
      this.model.edit(withRows(this.model.changes.value, list, gathering.rows));
      say(`${plural(rows, 'row')} ${done}.`);
      this.onClear();
    };
    const canEdit = this.model.view.canPlan && rows > 0;
    fill(
      this.element,
      h('p', {}, h('strong', {}, gathering.title), ` ${plural(rows, 'row')}, ${count(chosen)} chosen`),
      h(
        'div',
        { class: 'actions' },
        canEdit && h('button', { type: 'button', 'data-action': 'exclude', onclick: edit('exclude', 'left out') }, 'Leave out'),
        canEdit && h('button', { type: 'button', 'data-action': 'keep', onclick: edit('keep', 'kept') }, 'Keep'),
        canEdit &&
          h(
            'button',
            {
              type: 'button',
              'data-action': 'targets',
              disabled: rows > most,
              title: rows > most ? `At most ${count(most)} rows can be made targets.` : 'Makes them targets: more like these are chosen.',
              onclick: edit('targets', 'made targets'),
            },
            'More like these',
          ),
        h('button', { type: 'button', 'data-action': 'list', onclick: this.onList }, 'List'),
        h('button', { type: 'button', 'data-action': 'clear', 'aria-label': 'Let these rows go', onclick: this.onClear }, '✕'),
      ),
    );
  }
}
