import { h } from './dom';

/** One tab and its panel. */
export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly panel: HTMLElement;
}

/** Tabs as the keyboard knows them: arrows move, Home and End jump. */
export class Tabs {
  private readonly buttons = new Map<string, HTMLButtonElement>();

  constructor(
    list: HTMLElement,
    private readonly tabs: readonly Tab[],
    private readonly onSelect: (name: string) => void,
  ) {
    list.setAttribute('role', 'tablist');
    for (const tab of tabs) {
      const button = h(
        'button',
        { type: 'button', role: 'tab', id: `tab-${tab.name}`, 'aria-controls': tab.panel.id, onclick: () => this.select(tab.name) },
        tab.label,
      );
      tab.panel.setAttribute('role', 'tabpanel');
      tab.panel.setAttribute('aria-labelledby', button.id);
      tab.panel.tabIndex = 0;
      this.buttons.set(tab.name, button);
      list.append(button);
    }

    list.addEventListener('keydown', event => {
      const shown = tabs.filter(({ name }) => !this.buttons.get(name)!.hidden);
      const at = shown.findIndex(({ name }) => name === this.selected);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        const tab = shown[(to + shown.length) % shown.length]!;
        this.select(tab.name);
        this.buttons.get(tab.name)!.focus();
      }
    });
  }

  selected = '';

  select(name: string): void {
    this.selected = name;
    for (const tab of this.tabs) {
      const button = this.buttons.get(tab.name)!;
      const isSelected = tab.name === name;
      button.setAttribute('aria-selected', String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
      tab.panel.hidden = !isSelected;
    }

    this.onSelect(name);
  }

  hide(name: string, isHidden: boolean): void {
    this.buttons.get(name)!.hidden = isHidden;
  }
}
