import { type Columns, nameOf, type Values } from '../columns';
import { type Filters, outcomes } from '../filters';
import { count, measure } from '../format';
import { sentence } from '../model';
import { type Child, fill, h } from '../ui/dom';

const mostValues = 30;

/** The filters: by what became of a row, and by any column. */
export class FilterPanel {
  private readonly matching = h('p', { class: 'quiet', role: 'status' });
  private readonly body = h('div', {});
  private readonly picker: HTMLSelectElement;

  constructor(
    element: HTMLElement,
    private readonly columns: Columns,
    private readonly filters: Filters,
    onGather: () => void,
  ) {
    this.picker = h('select', { id: 'filter-column', onchange: () => void this.showColumn() });
    this.picker.append(
      h('option', { value: '' }, 'outcome'),
      ...columns.all.filter(column => column.name !== 'group').map(column => h('option', { value: column.name }, column.label)),
    );
    fill(
      element,
      h('label', { for: 'filter-column' }, 'Filter by'),
      this.picker,
      this.body,
      this.matching,
      h(
        'div',
        { class: 'actions' },
        h('button', { type: 'button', onclick: onGather }, 'Take what matches'),
        h(
          'button',
          {
            type: 'button',
            onclick: () => {
              filters.clear();
              void this.showColumn();
            },
          },
          'Clear filters',
        ),
      ),
    );
    void this.showColumn();
  }

  tell(matching: number | null, total: number): void {
    this.matching.textContent = matching === null ? 'All rows match.' : `${count(matching)} of ${count(total)} rows match; the rest is gray.`;
  }

  private async showColumn(): Promise<void> {
    const name = this.picker.value;
    if (!name) {
      const wanted = this.filters.state.value.outcomes;
      fill(
        this.body,
        this.checks(
          outcomes.map(outcome => ({ key: outcome, label: outcome, isOn: wanted.includes(outcome), note: '' })),
          keys => this.filters.setOutcomes(outcomes.filter(outcome => keys.includes(outcome))),
        ),
      );
      return;
    }

    fill(this.body, h('div', { class: 'skeleton', 'aria-hidden': 'true' }));
    try {
      const values = await this.columns.get(name);
      if (this.picker.value === name) {
        fill(this.body, values.codes ? this.category(values) : this.range(values));
      }
    } catch (error) {
      fill(this.body, h('p', { class: 'problem' }, sentence(error)));
    }
  }

  private category(values: Values): Child {
    const { column } = values;
    const condition = this.filters.state.value.conditions[column.name];
    const on = condition && 'codes' in condition ? condition.codes : [];
    const shown = values.frequent.slice(0, mostValues);
    return [
      this.checks(
        shown.map(({ code, rows }) => ({ key: String(code), label: nameOf(column, code), isOn: on.includes(code), note: count(rows) })),
        keys => this.filters.setCondition(column.name, keys.length > 0 ? { codes: keys.map(Number) } : null),
      ),
      values.frequent.length > shown.length && h('p', { class: 'quiet' }, `The ${mostValues} most frequent of ${count(values.frequent.length)}.`),
    ];
  }

  private range(values: Values): Child {
    const { column, bounds } = values;
    const condition = this.filters.state.value.conditions[column.name];
    const known = condition && !('codes' in condition) ? condition : { least: null, most: null };
    const [low, high] = values.range;
    const input = (which: 'least' | 'most', placeholder: number) =>
      h('input', {
        type: 'number',
        step: 'any',
        id: `filter-${which}`,
        placeholder: measure(placeholder).replaceAll(',', ''),
        value: known[which] ?? '',
      });
    const [least, most] = [input('least', low), input('most', high)];
    const apply = () => {
      const read = (field: HTMLInputElement) => (field.value === '' ? null : field.valueAsNumber);
      const next = { least: read(least), most: read(most) };
      this.filters.setCondition(column.name, next.least === null && next.most === null ? null : next);
    };
    least.addEventListener('change', apply);
    most.addEventListener('change', apply);
    return [
      h('div', { class: 'range' }, h('label', { for: 'filter-least' }, 'from'), least, h('label', { for: 'filter-most' }, 'to'), most),
      h('p', { class: 'quiet' }, `Half of the rows have at most ${measure(bounds[Math.floor(bounds.length / 2) - 1])}.`),
    ];
  }

  private checks(
    entries: readonly { key: string; label: string; isOn: boolean; note: string }[],
    onChange: (keys: string[]) => void,
  ): HTMLElement {
    const list = h('ul', { class: 'checks' });
    entries.forEach(({ key, label, isOn, note }) => {
      const box = h('input', { type: 'checkbox', value: key, checked: isOn });
      box.addEventListener('change', () =>
        onChange([...list.querySelectorAll<HTMLInputElement>('input:checked')].map(checked => checked.value)),
      );
      list.append(h('li', {}, h('label', { class: 'check' }, box, h('span', { class: 'name', title: label }, label), h('span', { class: 'ref' }, note))));
    });
    return list;
  }
}
