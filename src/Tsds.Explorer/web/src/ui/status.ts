import { find } from './dom';

/** Says something to who listens to the page, and shows it for a while. */
export function say(text: string, kind: 'note' | 'problem' = 'note'): void {
  const region = find('#status');
  region.textContent = text;
  region.dataset['kind'] = kind;
  region.classList.add('shown');
  clearTimeout(timer);
  timer = window.setTimeout(() => region.classList.remove('shown'), kind === 'problem' ? 9_000 : 4_000);
}

let timer = 0;
