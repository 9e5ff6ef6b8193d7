import { api, type Projection, type View } from './api';
import { find } from './ui/dom';

/** What hides the map until there is something to see. */
export const curtain = {
  tell(title: string, share: number | null = null, note = ''): void {
    find('#curtain').hidden = false;
    find('#curtain-title').textContent = title;
    find('#curtain-note').textContent = note;
    const bar = find<HTMLProgressElement>('#curtain-bar');
    bar.hidden = false;
    if (share === null) {
      bar.removeAttribute('value');
    } else {
      bar.value = share;
    }
  },

  /** Says why there is nothing to see. */
  stop(title: string, note: string): void {
    this.tell(title, null, note);
    find('#curtain-bar').hidden = true;
  },

  lift(): void {
    find('#curtain').hidden = true;
  },
};

/** What the server tells while it works. */
export interface News {
  projection(projection: Projection): void;
  save(text: string): void;
}

/** Waits until the selection is open; what is being done is shown meanwhile. */
export async function opened(news: News): Promise<View> {
  const events = new EventSource('/api/events');
  const read = (event: Event) => JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>;
  events.addEventListener('projection', event => news.projection(read(event) as unknown as Projection));
  events.addEventListener('save', event => {
    const { stage, share, done } = read(event);
    if (!done) {
      news.save(`Saving: ${String(stage ?? '')}${typeof share === 'number' ? ` ${Math.round(share * 100)} %` : ''}`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    events.addEventListener('opening', event => {
      const { stage, share, error, done } = read(event);
      if (typeof error === 'string') {
        // The inputs may turn out to be others after the map was shown.
        curtain.stop('The selection could not be opened', error);
        reject(new Error(error));
      } else if (done) {
        resolve();
      } else if (!find('#curtain').hidden) {
        curtain.tell('Opening the selection…', typeof share === 'number' ? share : null, typeof stage === 'string' ? stage : '');
      }
    });
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) {
        reject(new Error('The explorer does not answer: is "tsds explore" still running?'));
      }
    });
  });
  return api.view();
}
