import { api, rowsAtOnce } from '../api';
import { count, percent } from '../format';
import { type Model, sentence } from '../model';
import type { Comparison } from '../painter';
import { Bit } from '../state-bits';
import { fill, h } from '../ui/dom';
import { say } from '../ui/status';
import { RowList } from './row-list';

/** Two selections on one map: this one, another folder, or a method of a comparison. */
export class ComparePanel {
  private readonly summary = h('div', {});
  private readonly onlyHere: RowList;
  private readonly onlyThere: RowList;
  private readonly fetched = new Map<number, Promise<Uint8Array>>();

  constructor(
    element: HTMLElement,
    private readonly model: Model,
    private readonly onCompare: (comparison: Comparison | null) => void,
    onPick: (row: number) => void,
  ) {
    const { layers, folder } = model.view;
    this.onlyHere = new RowList(rowsAtOnce(model.view), onPick, 10);
    this.onlyThere = new RowList(rowsAtOnce(model.view), onPick, 10);
    const options = () => layers.map((layer, i) => h('option', { value: i }, `${layer.name} (${count(layer.chosen)})`));
    const first = h('select', { id: 'compare-first' }, h('option', { value: '' }, `this selection (${folder})`), ...options());
    const second = h('select', { id: 'compare-second' }, h('option', { value: '' }, 'nothing'), ...options());
    const change = () => void this.compare(first.value, second.value);
    first.addEventListener('change', change);
    second.addEventListener('change', change);
    fill(
      element,
      h('div', { class: 'field' }, h('label', { for: 'compare-first' }, 'First'), first),
      h('div', { class: 'field' }, h('label', { for: 'compare-second' }, 'Second'), second),
      this.summary,
    );
    model.states.on(() => second.value !== '' && first.value === '' && change());
    fill(this.summary, h('p', { class: 'empty' }, 'Pick a second selection: both are shown on the map, and what only one of them has is listed here.'));
  }

  private async compare(first: string, second: string): Promise<void> {
    if (second === '') {
      this.onCompare(null);
      fill(this.summary, h('p', { class: 'empty' }, 'Pick a second selection to compare with.'));
      return;
    }

    try {
      const here = first === '' ? null : await this.layer(Number(first));
      const there = await this.layer(Number(second));
      this.onCompare({ here, there });
      this.show(second, here, there, [first, second].some(layer => layer !== '' && this.model.view.layers[Number(layer)]!.kind === 'method'));
    } catch (error) {
      say(sentence(error), 'problem');
    }
  }

  private show(second: string, here: Uint8Array | null, there: Uint8Array, hasMethod: boolean): void {
    const { now } = this.model.states.value;
    const [a, b]: [number[], number[]] = [[], []];
    let both = 0;
    for (let row = 0; row < this.model.view.rows; row++) {
      const isHere = here ? here[row]! > 0 : (now[row]! & Bit.chosen) > 0;
      const isThere = there[row]! > 0;
      if (isHere && isThere) {
        both++;
      } else if (isHere) {
        a.push(row);
      } else if (isThere) {
        b.push(row);
      }
    }

    const all = both + a.length + b.length;
    fill(
      this.summary,
      h('p', { class: 'lead', 'data-second': second }, h('strong', {}, count(both)), ` rows in both, ${all > 0 ? percent(both / all) : '0 %'} of all that either chose.`),
      hasMethod && h('p', { class: 'quiet' }, 'Of a method of a comparison these are the rows of all its folds together.'),
      h('h3', {}, `Only the first (${count(a.length)})`),
      this.onlyHere.element,
      h('h3', {}, `Only the second (${count(b.length)})`),
      this.onlyThere.element,
    );
    this.onlyHere.show(a, a.length, 'None.');
    this.onlyThere.show(b, b.length, 'None.');
  }

  private layer(index: number): Promise<Uint8Array> {
    let layer = this.fetched.get(index);
    if (!layer) {
      layer = api.layer(index).then(bytes => new Uint8Array(bytes));
      layer.catch(() => this.fetched.delete(index));
      this.fetched.set(index, layer);
    }

    return layer;
  }
}
