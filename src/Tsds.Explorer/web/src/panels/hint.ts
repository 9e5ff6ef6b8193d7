import { api } from '../api';
import { beginning, count } from '../format';
import type { Place } from '../map/camera';
import { fill, find, h } from '../ui/dom';
import { shortRows } from './row-list';

/** How long the pointer rests on a point before its text is fetched, in milliseconds. */
const patience = 90;

/** The beginning of the text of the row or target under the pointer. */
export class Hint {
  private point = -1;
  private waiting = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly rows: number,
  ) {}

  /** Shows the hint of a point, or none for -1. */
  show(point: number, at: Place): void {
    const isSame = point === this.point;
    this.point = point;
    if (isSame) {
      if (!this.element.hidden) {
        this.place(at);
      }

      return;
    }

    this.element.hidden = true;
    clearTimeout(this.waiting);
    if (point >= 0) {
      this.waiting = window.setTimeout(() => void this.write(point, at), patience);
    }
  }

  private async write(point: number, at: Place): Promise<void> {
    const target = point - this.rows;
    try {
      const short = target < 0 ? (await shortRows([point], 1)).get(point) : (await api.targets([target])).targets[0];
      if (this.point !== point || !short) {
        return;
      }

      const name = target >= 0 ? `Target ${count(target)}` : `Row ${count(point)}`;
      const source = 'source' in short && short.source ? ` · ${beginning(short.source, 40)}` : '';
      const label = target >= 0 ? `target ${beginning(short.id ?? String(target), 40)}` : `row ${count(point)}${source}`;
      fill(this.element, h('span', { dir: 'auto' }, beginning(short.text, 180) || name), h('span', { class: 'ref' }, label));
      this.element.hidden = false;
      this.place(at);
    } catch {
      // A hint that does not come is no error; the panel says what is wrong when the row is picked.
    }
  }

  private place(at: Place): void {
    const stage = find('#stage').getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.element;
    const isLow = at.y + 18 + offsetHeight > stage.height;
    style.left = `${Math.max(8, Math.min(at.x + 14, stage.width - offsetWidth - 8))}px`;
    style.top = `${isLow ? Math.max(8, at.y - offsetHeight - 12) : at.y + 18}px`;
  }
}
