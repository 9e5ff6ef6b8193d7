import { api, type ShortRow } from '../api';
import { beginning, count } from '../format';
import { sentence } from '../model';
import { fill, h } from '../ui/dom';

/** What a list shows of a row beside its text. */
export type Note = (row: number) => string | null;

const fetched = new Map<number, ShortRow>();

/** Fetches the beginnings of rows, those that are not known yet. */
export async function shortRows(rows: readonly number[], perRequest: number): Promise<Map<number, ShortRow>> {
  const missing = rows.filter(row => !fetched.has(row));
  for (let i = 0; i < missing.length; i += perRequest) {
    const answer = await api.rows(missing.slice(i, i + perRequest));
    if (fetched.size > 20_000) {
      fetched.clear();
    }

    for (const row of answer.rows) {
      fetched.set(row.row, { ...row, text: beginning(row.text, 240) });
    }
  }

  return new Map(rows.flatMap(row => (fetched.has(row) ? [[row, fetched.get(row)!] as const] : [])));
}

/** A list of rows with the beginning of each text, some at a time. */
export class RowList {
  readonly element = h('div', { class: 'row-list' });
  private turn = 0;

  constructor(
    private readonly perRequest: number,
    private readonly onPick: (row: number) => void,
    private readonly page = 25,
  ) {}

  /** Shows rows, the first of them at once. */
  show(rows: ArrayLike<number>, total: number, empty: string, note: Note = () => null): void {
    const turn = ++this.turn;
    if (rows.length === 0) {
      fill(this.element, h('p', { class: 'quiet' }, empty));
      return;
    }

    const list = h('ul', {});
    const more = h('button', { type: 'button', class: 'plain' }, 'Show more');
    const rest = h('p', { class: 'quiet' });
    let shown = 0;
    const extend = async () => {
      const batch = Array.from({ length: Math.min(this.page, rows.length - shown) }, (_, i) => rows[shown + i]!);
      shown += batch.length;
      more.disabled = true;
      const waiting = batch.map(() => h('li', { class: 'skeleton', 'aria-hidden': 'true' }));
      list.append(...waiting);
      try {
        const texts = await shortRows(batch, this.perRequest);
        if (turn !== this.turn) {
          return;
        }

        batch.forEach((row, i) => waiting[i]!.replaceWith(this.entry(row, texts.get(row), note(row))));
      } catch (error) {
        waiting.forEach(item => item.remove());
        rest.textContent = sentence(error);
        return;
      } finally {
        more.disabled = false;
      }

      more.hidden = shown >= rows.length;
      rest.textContent = shown < total ? `${count(shown)} of ${count(total)}` : '';
    };
    more.addEventListener('click', () => void extend());
    fill(this.element, list, more, rest);
    void extend();
  }

  private entry(row: number, short: ShortRow | undefined, note: string | null): HTMLLIElement {
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'entry', 'data-row': row, onclick: () => this.onPick(row) },
        h('span', { class: 'text', dir: 'auto' }, short?.text || `Row ${count(row)}`),
        h(
          'span',
          { class: 'ref' },
          [short?.id && short.id !== String(row) ? beginning(short.id, 40) : null, `row ${count(row)}`, short?.source && beginning(short.source, 40), note]
            .filter(Boolean)
            .join(' · '),
        ),
      ),
    );
  }
}
