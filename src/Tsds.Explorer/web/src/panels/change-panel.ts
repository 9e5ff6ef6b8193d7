import type { Settings } from '../api';
import { type Changes, none, type RowList, withoutRows } from '../changes';
import { count, measure, percent, plural } from '../format';
import type { Model } from '../model';
import { fill, h } from '../ui/dom';
import { PathPlot } from './path-plot';

/** What a slider shows and does. */
interface Control {
  readonly input: HTMLInputElement;
  readonly output: HTMLElement;
  readonly reset: HTMLButtonElement;
  update(settings: Settings, changes: Changes): void;
}

/** Budget, alpha, relevance and bandwidth with the path; the rows that were taken out, kept or made targets; caps by source. */
export class ChangePanel {
  private readonly plot: PathPlot;
  private readonly controls: Control[] = [];
  private readonly edits = h('ul', { class: 'edits' });
  private readonly caps = h('table', { class: 'caps' });
  private readonly automatic: HTMLInputElement;

  constructor(
    element: HTMLElement,
    private readonly model: Model,
    private readonly onShow: (title: string, rows: readonly number[]) => void,
  ) {
    const { view } = model;
    if (!view.canPlan) {
      fill(
        element,
        h('h2', {}, 'Change it'),
        h('p', { class: 'quiet' }, view.cannotPlan ?? 'This selection can be looked at, but not be changed.'),
      );
      this.plot = new PathPlot(() => undefined);
      this.automatic = h('input', {});
      return;
    }

    this.plot = new PathPlot(alpha => this.edit({ alpha: round(Math.min(Math.max(alpha, 0.01), this.plot.limit, 0.99), 2) }));
    const least = Math.max(1, Math.min(10, view.rows));
    const logBudget = logarithmic(least, Math.max(least + 1, view.rows));
    const logBandwidth = logarithmic(view.settings.bandwidth > 0 ? view.settings.bandwidth / 8 : 0.01, Math.max(view.settings.bandwidth * 6, 0.5));
    this.automatic = h('input', {
      type: 'checkbox',
      id: 'bandwidth-automatic',
      onchange: () => this.edit({ bandwidth: this.automatic.checked ? 'auto' : this.settings.bandwidth }),
    });

    const isShare = (settings: Settings) => settings.budget.endsWith('%');
    const budgetHelp = isShare(view.settings) ? 'How many rows are chosen: a share of those that can be.' : 'How many rows are chosen.';
    const budget = this.slider('budget', 'Budget', budgetHelp, { min: 0, max: 1000, step: 1 }, {
      read: position => ({ budget: String(Math.round(logBudget.value(position / 1000))) }),
      position: settings => 1000 * logBudget.position(settings.budgetRows),
      text: settings => plural(settings.budgetRows, 'row') + (isShare(settings) ? ` (${settings.budget.replace('%', ' %')})` : ''),
    });
    const alpha = this.slider('alpha', 'Alpha', 'Left: spread over many different rows. Right: near your targets.', { min: 0, max: 1, step: 0.01 }, {
      read: position => ({ alpha: round(Math.min(Math.max(position, 0.01), this.plot.limit, 0.99), 2) }),
      position: settings => settings.alpha,
      text: settings => settings.alpha?.toFixed(2) ?? '',
    });
    const relevance = this.slider('relevance', 'Relevance', 'How much all targets together have a say.', { min: 0, max: 1, step: 0.05 }, {
      read: position => ({ relevance: round(position, 2) }),
      position: settings => settings.relevance,
      text: settings => settings.relevance?.toFixed(2) ?? '',
    });
    const bandwidth = this.slider('bandwidth', 'Bandwidth', 'The distance within which rows count as copies.', { min: 0, max: 1000, step: 1 }, {
      read: position => ({ bandwidth: round(logBandwidth.value(position / 1000), 4) }),
      position: settings => 1000 * logBandwidth.position(settings.bandwidth),
      text: settings => measure(settings.bandwidth),
    });

    fill(
      element,
      h('h2', {}, 'Change it'),
      h('p', { class: 'invite' }, 'Move a slider, or draw around rows on the map and leave them out: the best selection for that is found at once. Save… keeps it.'),
      budget,
      alpha,
      this.plot.element,
      relevance,
      bandwidth,
      h('label', { class: 'check', for: 'bandwidth-automatic' }, this.automatic, 'automatic bandwidth'),
      h('h3', {}, 'Rows'),
      this.edits,
      h('h3', {}, 'Sources'),
      this.caps,
    );
    model.plan.on(() => this.update());
    model.changes.on(() => this.update());
    model.diverse.on(() => this.update());
    this.update();
  }

  /** Draws in the colors of now. */
  draw(): void {
    this.plot.draw();
  }

  private get settings(): Settings {
    return this.model.plan.value?.settings ?? this.model.view.settings;
  }

  private edit(change: Partial<Changes>, isSettled = true): void {
    this.model.edit({ ...this.model.changes.value, ...change }, isSettled);
  }

  private slider(
    name: 'budget' | 'alpha' | 'relevance' | 'bandwidth',
    label: string,
    help: string,
    range: { min: number; max: number; step: number },
    kind: {
      read(position: number): Partial<Changes>;
      /** Where the value lies on the slider, or null where the selection has none. */
      position(settings: Settings): number | null;
      text(settings: Settings): string;
    },
  ): HTMLElement {
    const input = h('input', { type: 'range', id: `slide-${name}`, 'aria-describedby': `help-${name}`, ...range });
    const output = h('output', { for: `slide-${name}` });
    const reset = h('button', { type: 'button', class: 'plain reset', 'aria-label': `put back ${name}` }, 'put back');
    const element = h(
      'div',
      { class: 'control' },
      h('label', { for: `slide-${name}` }, label),
      output,
      reset,
      input,
      h('p', { class: 'help', id: `help-${name}` }, help),
    );
    let isHeld = false;
    input.addEventListener('input', () => {
      isHeld = true;
      const change = kind.read(input.valueAsNumber);
      if (change.alpha !== undefined) {
        // The slider stops where the budget can no longer be drawn.
        input.valueAsNumber = change.alpha;
      }

      output.textContent = kind.text({
        ...this.settings,
        ...(change as Partial<Settings>),
        ...(change.budget ? { budgetRows: Number(change.budget) } : {}),
      });
      this.edit(change, false);
    });
    input.addEventListener('change', () => {
      isHeld = false;
      this.edit(kind.read(input.valueAsNumber));
    });
    reset.addEventListener('click', () => {
      const { [name]: _, ...rest } = this.model.changes.value;
      this.model.edit(rest as Changes);
      input.focus();
    });
    this.controls.push({
      input,
      output,
      reset,
      update: (settings, changes) => {
        const position = kind.position(settings);
        element.hidden = position === null;
        if (!isHeld && position !== null) {
          input.valueAsNumber = position;
          output.textContent = kind.text(settings);
        }

        input.setAttribute('aria-valuetext', output.textContent ?? '');
        reset.hidden = changes[name] === undefined;
        reset.title = `as on disk: ${kind.text(this.model.view.settings)}`;
      },
    });
    return element;
  }

  private update(): void {
    const changes = this.model.changes.value;
    const plan = this.model.plan.value;

    // Between a change and its answer the sliders show what was asked for.
    const settings = { ...this.settings };
    if (changes.alpha !== undefined) {
      settings.alpha = changes.alpha;
    }

    if (changes.relevance !== undefined) {
      settings.relevance = changes.relevance;
    }

    if (changes.budget !== undefined && Number(changes.budget) > 0) {
      settings.budget = changes.budget;
      settings.budgetRows = Number(changes.budget);
    }

    if (typeof changes.bandwidth === 'number') {
      settings.bandwidth = changes.bandwidth;
    }

    for (const control of this.controls) {
      control.update(settings, changes);
    }

    this.automatic.checked = changes.bandwidth === 'auto' || changes.bandwidth === undefined && settings.bandwidthAutomatic;
    if (plan) {
      const { alpha: _, ...rest } = changes;
      const isOnDisk = JSON.stringify(rest) === JSON.stringify(none);
      const beyond = Math.min(...plan.path.map(point => point.alpha));
      this.plot.show(
        isOnDisk ? [...plan.path, ...this.model.diverse.value.filter(point => point.alpha < beyond)] : plan.path,
        settings.alpha ?? 0.5,
        JSON.stringify(rest),
        settings.sampling === 'multinomial' ? 0 : plan.settings.budgetRows,
      );
    }

    this.showEdits(changes);
    this.showSources(changes);
  }

  private showEdits(changes: Changes): void {
    const entry = (list: RowList, text: (rows: string) => string) => {
      const rows = changes[list];
      return (
        rows.length > 0 &&
        h(
          'li',
          {},
          h('span', {}, text(plural(rows.length, 'row'))),
          h('button', { type: 'button', class: 'plain', onclick: () => this.onShow(text(plural(rows.length, 'row')), rows) }, 'show'),
          h('button', { type: 'button', class: 'plain', onclick: () => this.model.edit(withoutRows(changes, rows)) }, 'put back'),
        )
      );
    };
    const items = [
      entry('exclude', rows => `${rows} left out`),
      entry('keep', rows => `${rows} kept`),
      entry('targets', rows => `${rows} made targets`),
      changes.withoutTargets.length > 0 &&
        h(
          'li',
          {},
          h('span', {}, `${plural(changes.withoutTargets.length, 'target')} left out`),
          h('button', { type: 'button', class: 'plain', onclick: () => this.edit({ withoutTargets: [] }) }, 'put back'),
        ),
    ].filter(Boolean);
    fill(
      this.edits,
      ...(items.length > 0
        ? items
        : [h('li', { class: 'quiet' }, 'Draw a lasso, or pick a row, to leave rows out, keep them, or ask for more like them.')]),
    );
  }

  private showSources(changes: Changes): void {
    const { view } = this.model;
    const plan = this.model.plan.value;
    const caps: Record<string, number> = changes.caps
      ? { ...changes.caps }
      : Object.fromEntries(view.settings.caps.map(({ source, share }) => [source, share]));
    const after = new Map(plan?.sources.map(source => [source.name, source.after]));
    const total = plan?.chosen ?? view.chosen;
    const focused = (document.activeElement as HTMLElement | null)?.id;
    fill(
      this.caps,
      h('caption', {}, 'Chosen rows, and the most that a source may have of them'),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'source'), h('th', { scope: 'col', class: 'number' }, 'chosen'), h('th', { scope: 'col', class: 'number' }, 'at most'))),
      h(
        'tbody',
        {},
        ...view.sources.slice(0, 40).map(({ name, chosen }, i) => {
          const now = after.get(name) ?? chosen;
          const input = h('input', {
            type: 'number',
            id: `cap-${i}`,
            min: 0,
            max: 100,
            step: 1,
            placeholder: '–',
            'aria-label': `Most of ${name}, in percent of the selection`,
            value: caps[name] === undefined ? '' : round(caps[name] * 100, 1),
          });
          input.addEventListener('change', () => {
            const next = { ...caps };
            if (input.value === '') {
              delete next[name];
            } else {
              next[name] = Math.min(100, Math.max(0, input.valueAsNumber)) / 100;
            }

            this.edit({ caps: next });
          });
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, h('span', { class: 'name', title: name }, name)),
            h(
              'td',
              { class: 'number' },
              `${count(now)}`,
              h('span', { class: 'ref' }, total > 0 ? ` · ${percent(now / total)}` : ''),
            ),
            h('td', { class: 'number' }, input, ' %'),
          );
        }),
      ),
    );
    if (focused?.startsWith('cap-')) {
      document.getElementById(focused)?.focus();
    }
  }
}

/** Puts everything back as it is on disk. */
export const reset = (model: Model): void => model.edit(none);

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** A scale on which equal steps are equal factors. */
function logarithmic(least: number, most: number): { value(share: number): number; position(value: number): number } {
  return {
    value: share => least * (most / least) ** share,
    position: value => Math.min(1, Math.max(0, Math.log(Math.max(value, least) / least) / Math.log(most / least))),
  };
}
