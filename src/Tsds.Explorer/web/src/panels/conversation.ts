import type { Turn } from '../api';
import { count } from '../format';
import { h } from '../ui/dom';

const folded = 3_000;

const names: Record<string, string> = {
  system: 'System',
  user: 'User',
  human: 'User',
  assistant: 'Assistant',
  gpt: 'Assistant',
  tool: 'Tool',
  text: 'Text',
};

/**
 * Shows turns as a conversation. Texts are text, cut where they are very long; more is fetched when asked for.
 * @param next fetches the page that starts at a character, and returns it with the start of the one after it
 */
export function conversation(
  turns: readonly Turn[],
  next: number | null | undefined,
  fetchNext: (start: number) => Promise<{ turns: readonly Turn[]; next?: number | null }>,
): HTMLElement {
  const list = h('div', { class: 'conversation' });
  const show = (page: readonly Turn[]) => {
    for (const turn of page) {
      list.append(turnOf(turn));
    }
  };
  show(turns);
  if (turns.length === 0) {
    list.append(h('p', { class: 'quiet' }, 'There is no text to show.'));
  }

  let start = next;
  if (start) {
    const more = h(
      'button',
      {
        type: 'button',
        class: 'plain',
        onclick: async () => {
          more.disabled = true;
          try {
            const page = await fetchNext(start!);
            more.before(...page.turns.map(turnOf));
            start = page.next;
            more.hidden = !start;
          } finally {
            more.disabled = false;
          }
        },
      },
      'Show more of the text',
    );
    list.append(more);
  }

  return list;
}

function turnOf({ role, text }: Turn): HTMLElement {
  const body = h('div', { class: 'text', dir: 'auto' }, text.slice(0, folded));
  const turn = h(
    'div',
    { class: 'turn', 'data-role': role === 'user' || role === 'human' ? 'user' : role },
    h('p', { class: 'role' }, names[role.toLowerCase()] ?? role.slice(0, 60)),
    body,
  );
  if (text.length > folded) {
    const more = h(
      'button',
      {
        type: 'button',
        class: 'plain',
        onclick: () => {
          body.textContent = text;
          more.remove();
        },
      },
      `Show ${count(text.length - folded)} more characters`,
    );
    turn.append(more);
  }

  return turn;
}
