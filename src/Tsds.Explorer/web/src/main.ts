import { api, type Projection, rowsAtOnce, type View } from './api';
import { none } from './changes';
import { onTheme } from './colors';
import { Columns } from './columns';
import { Filters } from './filters';
import { beginning, count, measure, plural } from './format';
import { readLink, writeLink } from './link';
import { type Mode, NoWebGl, PoolMap } from './map/pool-map';
import { tie } from './map/ties';
import { Model, sentence } from './model';
import { curtain, opened } from './opening';
import { Painter } from './painter';
import { ChangePanel } from './panels/change-panel';
import { ComparePanel } from './panels/compare-panel';
import { DetailPanel } from './panels/detail-panel';
import { DifferencePanel } from './panels/difference-panel';
import { FilterPanel } from './panels/filter-panel';
import { GatheringBar } from './panels/gathering-bar';
import { KeepDialogs } from './panels/keep-dialogs';
import { Hint } from './panels/hint';
import { legend } from './panels/legend';
import { OverviewPanel } from './panels/overview-panel';
import { RowList } from './panels/row-list';
import { Bit } from './state-bits';
import { fill, find, h } from './ui/dom';
import { say } from './ui/status';
import { Tabs } from './ui/tabs';

const projectionNames: Record<string, string> = { axes: 'Axes', neighbors: 'Neighbors' };

/** The whole page: what belongs together is put together here, and nowhere else. */
class Explorer {
  private readonly link = readLink(location.hash);
  private readonly columns: Columns;
  private readonly filters: Filters;
  private readonly model: Model;
  private readonly map: PoolMap | null;
  private readonly painter: Painter | null;
  private readonly detail: DetailPanel;
  private readonly change: ChangePanel;
  private readonly filterPanel: FilterPanel;
  private readonly list: RowList;
  private readonly tabs: Tabs;
  private readonly dialogs: KeepDialogs;
  private readonly projections: Projection[];
  private projection = 'axes';
  private point: number | null = null;
  private writing = 0;
  private listNote: (row: number) => string | null = () => null;

  constructor(
    private readonly view: View,
    state: Uint8Array,
  ) {
    const labels = new Set<string>();
    this.columns = new Columns(
      view.columns.filter(({ label, field }) => (field && labels.has(label) ? false : Boolean(labels.add(label)))),
    );
    this.filters = new Filters(this.columns, view.rows);
    this.model = new Model(view, state);
    this.projections = view.projections;
    this.map = this.makeMap();
    this.painter = this.map && new Painter(this.map, this.model, this.columns, this.filters);
    this.dialogs = new KeepDialogs(this.model);
    this.list = new RowList(rowsAtOnce(view), row => this.pick(row));
    this.detail = new DetailPanel(find('#panel-detail'), this.model, {
      pick: point => this.pick(point),
      shown: detail => this.map && tie(this.map, detail, view.rows),
      near: row => void this.searchNear(null, row),
      list: (title, rows) => this.gather(title, Uint32Array.from(rows), true),
    });
    new OverviewPanel(find('#panel-overview'), this.model, point => this.pick(point));
    new DifferencePanel(find('#panel-difference'), this.model, row => this.pick(row));
    this.change = new ChangePanel(find('#change'), this.model, (title, rows) => this.gather(title, Uint32Array.from(rows)));
    this.filterPanel = new FilterPanel(find('#filter-body'), this.columns, this.filters, () => void this.gatherMatching());
    new GatheringBar(
      find('#gathering'),
      this.model,
      this.filters,
      () => this.tabs.select('list'),
      () => this.letGo(),
    );
    new ComparePanel(
      find('#panel-compare'),
      this.model,
      comparison => {
        if (this.painter) {
          this.painter.comparison = comparison;
          this.painter.mark(false);
          this.showLegend();
        }
      },
      row => this.pick(row),
    );
    const panel = (name: string) => find(`#panel-${name}`);
    this.tabs = new Tabs(
      find('#tabs'),
      [
        { name: 'overview', label: 'Overview', panel: panel('overview') },
        { name: 'detail', label: 'Detail', panel: panel('detail') },
        { name: 'list', label: 'List', panel: panel('list') },
        { name: 'difference', label: 'Changes', panel: panel('difference') },
        { name: 'compare', label: 'Compare', panel: panel('compare') },
      ],
      () => this.remember(),
    );
    this.tabs.hide('compare', view.layers.length === 0);
    this.showList();
    this.tabs.select('overview');
  }

  /** Shows the map, then everything that takes longer. */
  async open(points: ArrayBuffer, projection: string): Promise<void> {
    const { link, view } = this;
    document.title = `${view.folder} · Tsds explorer`;
    find('#folder').textContent = view.folder;
    this.projection = projection;
    this.connect();
    this.showProjections();
    if (this.map && this.painter) {
      if (link.camera) {
        Object.assign(this.map.camera, link.camera);
      }

      const picker = find<HTMLSelectElement>('#color');
      picker.value = link.colorBy ?? '';
      this.painter.colorBy = picker.value;
      find<HTMLInputElement>('#grouped').checked = link.isGrouped ?? false;
      this.painter.isGrouped = find<HTMLInputElement>('#grouped').checked;
      this.map.prefer(row => (this.model.states.value.now[row]! & Bit.chosen) > 0);
      await this.map.setPoints(new Uint16Array(points, 0, 2 * (view.rows + view.targets)));
      this.filters.state.set(link.filter);
      await this.paint();
      curtain.lift();
    }

    document.documentElement.dataset['state'] = 'open';
    if (link.tab && document.getElementById(`tab-${link.tab}`)?.hidden === false) {
      this.tabs.select(link.tab);
    }

    if (link.point !== null && link.point < view.rows + view.targets) {
      this.pick(link.point, false);
    }

    await this.model.open(link.changes);
  }

  /** Hears of a projection that is being computed. */
  hear(news: Projection): void {
    const known = this.projections.find(({ name }) => name === news.name);
    const wasReady = known?.state === 'ready';
    if (known) {
      Object.assign(known, news);
    } else {
      this.projections.push(news);
    }

    this.showProjections();
    if (!wasReady && news.state === 'ready' && news.name === 'neighbors') {
      say('The map of neighbors is ready.');
    }
  }

  tellSave(text: string): void {
    this.dialogs.progress(text);
  }

  private makeMap(): PoolMap | null {
    const hint = new Hint(find('#tooltip'), this.view.rows);
    try {
      return new PoolMap(find('#map'), this.view.rows, {
        hover: (point, at) => {
          this.map?.focusable.classList.toggle('over', point >= 0);
          hint.show(point, at);
        },
        pick: point => (point < 0 ? this.letGo() : this.pick(point, false)),
        region: rows => this.gather(find('[data-mode="box"]').ariaPressed === 'true' ? 'In the box' : 'In the lasso', rows, false, true),
        view: () => this.remember(),
      });
    } catch (error) {
      if (!(error instanceof NoWebGl)) {
        throw error;
      }

      curtain.stop('There is no map here', `${error.message} Everything else works: search, lists, the change and saving.`);
      return null;
    }
  }

  /** Ties the controls of the page to what they do. */
  private connect(): void {
    const { model, filters, view } = this;
    const button = (selector: string, action: () => void) => find<HTMLButtonElement>(selector).addEventListener('click', action);
    for (const mode of document.querySelectorAll<HTMLButtonElement>('[data-mode]')) {
      mode.addEventListener('click', () => {
        for (const other of document.querySelectorAll('button[data-mode]')) {
          other.setAttribute('aria-pressed', String(other === mode));
        }

        this.map?.setMode(mode.dataset['mode'] as Mode);
      });
    }

    const color = find<HTMLSelectElement>('#color');
    color.append(h('option', { value: '' }, 'by selection'));
    for (const column of this.columns.all) {
      if (column.name !== 'group') {
        color.append(h('option', { value: column.name }, column.label));
      }
    }

    color.addEventListener('change', () => {
      if (this.painter) {
        this.painter.colorBy = color.value;
        void this.paint();
      }
    });
    const grouped = find<HTMLInputElement>('#grouped');
    find('#grouping').hidden = !this.columns.find('group');
    grouped.addEventListener('change', () => {
      if (this.painter) {
        this.painter.isGrouped = grouped.checked;
        void this.paint();
      }
    });
    button('#fit', () => this.map?.fit());
    button('#zoom-in', () => this.map?.zoomBy(1.5));
    button('#zoom-out', () => this.map?.zoomBy(1 / 1.5));
    button('#take-view', () => void this.map?.rowsInView().then(rows => this.gather('In view', rows)));
    button('#undo', () => model.undo());
    button('#redo', () => model.redo());
    button('#reset', () => model.edit(none));
    button('#save', () => this.dialogs.save());
    button('#command', () => this.dialogs.command());

    const search = find<HTMLFormElement>('#search');
    const words = find<HTMLInputElement>('#words');
    const kind = find<HTMLSelectElement>('#search-kind');
    words.disabled = !view.canSearch && !view.canSearchNear;
    words.placeholder = words.disabled ? 'There are no texts to search in' : 'Search in texts';
    kind.querySelector<HTMLOptionElement>('[value="words"]')!.disabled = !view.canSearch;
    kind.hidden = !view.canSearchNear;
    search.addEventListener('submit', event => {
      event.preventDefault();
      if (words.value.trim() !== '') {
        void (kind.value === 'near' && view.canSearchNear ? this.searchNear(words.value, null) : this.searchWords(words.value));
      }
    });

    document.addEventListener('keydown', event => {
      const isTyping = (event.target as Element).matches('input, select, textarea');
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !(event.target as Element).matches('input[type=text], input[type=search], input[type=number]')) {
        event.preventDefault();
        if (event.shiftKey) {
          model.redo();
        } else {
          model.undo();
        }
      } else if (event.key === '/' && !isTyping) {
        event.preventDefault();
        words.focus();
      } else if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
        const open = document.querySelector<HTMLDetailsElement>('details.popover[open]');
        if (open) {
          open.open = false;
          open.querySelector('summary')!.focus();
        } else {
          this.letGo();
        }
      }
    });
    document.addEventListener('pointerdown', event => {
      const open = document.querySelector<HTMLDetailsElement>('details.popover[open]');
      if (open && !open.contains(event.target as Node)) {
        open.open = false;
      }
    });
    filters.state.on(() => void this.paint());
    filters.gathering.on(() => {
      this.showList();
      void this.paint();
    });
    model.changes.on(() => {
      this.showActions();
      this.remember();
    });
    model.plan.on(() => this.showActions());
    model.saved.on(() => this.showActions());
    model.isWorking.on(() => this.showActions());
    model.states.on(() => this.repaint());
    model.problem.on(problem => {
      const banner = find('#problem');
      banner.hidden = !problem;
      fill(
        banner,
        problem && h('span', {}, problem),
        problem && model.canUndo && h('button', { type: 'button', onclick: () => model.undo() }, 'Undo'),
      );
    });
    onTheme(() => {
      void this.paint();
      this.change.draw();
    });
    this.showActions();
  }

  private showActions(): void {
    const { model } = this;
    const plan = model.plan.value;
    const enable = (selector: string, isOn: boolean) => {
      find<HTMLButtonElement>(selector).disabled = !isOn;
    };
    const isAnswered = !model.isWorking.value && !model.problem.value && plan !== null;
    enable('#undo', model.canUndo);
    enable('#redo', model.canRedo);
    enable('#reset', model.isChanged);
    enable('#command', isAnswered && (plan.canSave || !model.isChanged));
    enable('#save', isAnswered && model.isChanged && plan.canSave);
    find('#save').title = plan && !plan.canSave ? 'Targets whose embeddings are combined of several files cannot be left out here: put them back to save.' : '';
    find('#change-state').textContent = model.isWorking.value
      ? 'working…'
      : !model.isChanged
        ? ''
        : plan
          ? `+${count(plan.cameCount)} −${count(plan.wentCount)}, ${model.saved.value.has(plan.plan) ? 'saved' : 'not saved'}`
          : '';
  }

  private showProjections(): void {
    const buttons = this.projections.map(projection => {
      const { name, state, share } = projection;
      const label = projectionNames[name] ?? name;
      const isReady = state === 'ready';
      const progress = state === 'working' && typeof share === 'number' ? ` ${Math.round(share * 100)} %` : state === 'failed' ? ' (failed)' : ' …';
      return h(
        'button',
        {
          type: 'button',
          'data-projection': name,
          'aria-pressed': String(name === this.projection),
          disabled: !isReady,
          title: isReady
            ? name === 'axes'
              ? 'The two directions in which rows differ most'
              : 'Rows that are near in all directions are near here'
            : (projection.error ?? projection.stage ?? 'It is being computed.'),
          onclick: () => void this.project(name),
        },
        isReady ? label : `${label}${progress}`,
      );
    });
    const group = find('#projections');
    const focused = (document.activeElement as HTMLElement | null)?.dataset['projection'];
    fill(group, ...buttons);
    if (focused) {
      group.querySelector<HTMLElement>(`[data-projection="${focused}"]`)?.focus();
    }
  }

  private async project(name: string): Promise<void> {
    if (name === this.projection || !this.map) {
      return;
    }

    this.projection = name;
    this.showProjections();
    this.map.clearRegion();
    try {
      const points = await api.points(name);
      this.map.setLines([], this.point, null);
      await this.map.setPoints(new Uint16Array(points, 0, 2 * (this.view.rows + this.view.targets)));
      if (this.point !== null) {
        void this.detail.show(this.point, false);
      }

      this.remember();
    } catch (error) {
      say(sentence(error), 'problem');
    }
  }

  /** After another plan: the marks move; rows are colored anew only where their color depends on it. */
  private repaint(): void {
    if (!this.painter) {
      return;
    }

    const isOther = this.columns.usePlan(this.model.planId, this.painter.colorBy);
    if (isOther || this.painter.isGrouped || this.filters.state.value.outcomes.length > 0) {
      void this.paint();
    } else {
      this.painter.mark(true);
    }

    this.showLegend();
  }

  private async paint(): Promise<void> {
    if (!this.painter) {
      return;
    }

    try {
      await this.painter.paint();
    } catch (error) {
      say(sentence(error), 'problem');
    }

    this.filterPanel.tell(this.painter.matching, this.view.rows);
    find('#filter').classList.toggle('active', this.filters.isActive);
    this.showLegend();
    this.remember();
  }

  private showLegend(): void {
    if (this.painter) {
      const { now } = this.model.states.value;
      const hasFar = now.subarray(this.view.rows).some(state => (state & Bit.outOfReach) > 0);
      legend(find('#legend'), this.painter, this.model.isChanged, this.model.changes.value.exclude.length > 0, hasFar);
    }
  }

  /** Shows a row or a target in full. */
  private pick(point: number, isFlown = true): void {
    this.point = point;
    this.tabs.select('detail');
    void this.detail.show(point);
    this.map?.setLines([], point, null);
    if (isFlown) {
      this.map?.reveal(point);
    }

    for (const entry of document.querySelectorAll<HTMLElement>('.entry')) {
      const { row, target } = entry.dataset;
      entry.setAttribute('aria-current', String(row === String(point) || target === String(point - this.view.rows)));
    }

    this.remember();
  }

  /** Lets go what is gathered first, then what is picked. */
  private letGo(): void {
    if (this.filters.gathering.value) {
      this.filters.gathering.set(null);
      this.map?.clearRegion();
    } else if (this.point !== null) {
      this.point = null;
      this.map?.setLines([], null, null);
      this.detail.clear();
      this.remember();
    }
  }

  private gather(title: string, rows: Uint32Array, isRanked = false, isDrawn = false): void {
    if (!isDrawn) {
      // What was drawn before would seem to be what is gathered now.
      this.map?.clearRegion();
    }

    this.listNote = () => null;
    this.filters.gathering.set({ title, rows, isRanked });
    if (rows.length === 0) {
      say(`${title}: no rows.`);
    }
  }

  private async gatherMatching(): Promise<void> {
    const mask = await this.filters.mask(this.model.states.value.now, false);
    if (!mask) {
      say('There is no filter: all rows match.');
      return;
    }

    const rows = [];
    for (let row = 0; row < mask.length; row++) {
      if (mask[row]) {
        rows.push(row);
      }
    }

    find<HTMLDetailsElement>('#filter').open = false;
    this.gather('What matches', Uint32Array.from(rows));
  }

  private async searchWords(words: string): Promise<void> {
    try {
      const { total, rows } = await api.search(words);
      this.gather(`“${beginning(words, 40)}”`, Uint32Array.from(rows));
      this.tabs.select('list');
      say(total > rows.length ? `${plural(total, 'row')}, of which the first ${count(rows.length)} are shown.` : `${plural(total, 'row')} found.`);
    } catch (error) {
      say(sentence(error), 'problem');
    }
  }

  private async searchNear(text: string | null, row: number | null): Promise<void> {
    try {
      const { rows } = text !== null ? await api.nearText(text, 100) : await api.nearRow(row!, 100);
      const distances = new Map(rows.map(near => [near.row, near.distance]));
      this.gather(text !== null ? `Near “${beginning(text, 40)}”` : `Near row ${count(row!)}`, Uint32Array.from(distances.keys()), true);
      this.listNote = near => `distance ${measure(distances.get(near))}`;
      this.showList();
      this.tabs.select('list');
    } catch (error) {
      say(sentence(error), 'problem');
    }
  }

  private showList(): void {
    const gathering = this.filters.gathering.value;
    const panel = find('#panel-list');
    if (!gathering) {
      fill(panel, h('p', { class: 'empty' }, 'Draw a lasso or a box, search, or take what a filter matches: the rows are listed here.'));
      return;
    }

    const { now } = this.model.states.value;
    const isChosen = (row: number) => (now[row]! & Bit.chosen) > 0;
    const rows = gathering.isRanked
      ? gathering.rows
      : Uint32Array.from([...gathering.rows.filter(isChosen), ...gathering.rows.filter(row => !isChosen(row))]);
    fill(panel, h('h2', {}, gathering.title), h('p', { class: 'quiet' }, plural(rows.length, 'row'), gathering.isRanked ? ', nearest first' : ', chosen ones first'), this.list.element);
    this.list.show(rows, rows.length, 'No row.', row => [isChosen(row) ? 'chosen' : null, this.listNote(row)].filter(Boolean).join(' · ') || null);
  }

  /** Writes the view into the address, once things stand still. */
  private remember(): void {
    if (document.documentElement.dataset['state'] !== 'open') {
      return;
    }

    clearTimeout(this.writing);
    this.writing = window.setTimeout(() => {
      const { map, painter } = this;
      const hash = writeLink({
        projection: this.projection === 'axes' ? null : this.projection,
        colorBy: painter?.colorBy || null,
        isGrouped: painter?.isGrouped ? true : null,
        camera: map && !map.isWhole ? { x: map.camera.x, y: map.camera.y, zoom: map.camera.zoom } : null,
        point: this.point,
        tab: this.tabs.selected === 'overview' ? null : this.tabs.selected,
        filter: this.filters.state.value,
        changes: this.model.changes.value,
      });
      history.replaceState(null, '', hash || location.pathname);
    }, 250);
  }
}

async function start(): Promise<void> {
  let explorer: Explorer | null = null;
  const waiting: Projection[] = [];
  const view = await opened({
    projection: news => (explorer ? explorer.hear(news) : waiting.push(news)),
    save: text => explorer?.tellSave(text),
  });
  curtain.tell('Loading the map…', null, `${plural(view.rows, 'row')}, ${plural(view.targets, 'target')}`);
  const catchUp = () => {
    for (const news of waiting.splice(0)) {
      Object.assign(view.projections.find(({ name }) => name === news.name) ?? {}, news);
    }
  };
  catchUp();
  const wanted = readLink(location.hash).projection;
  const projection = view.projections.find(({ name, state }) => name === wanted && state === 'ready')?.name ?? 'axes';
  const points = await api.points(projection);

  // What was told while the points came.
  catchUp();
  explorer = new Explorer(view, new Uint8Array(points, 4 * (view.rows + view.targets), view.rows + view.targets));
  await explorer.open(points, projection);
}

start().catch((error: unknown) => {
  curtain.stop('The selection could not be opened', sentence(error));
});
