import { say } from './status';

/** Copies a text; where the browser does not allow it, the text is selected for the keyboard. */
export async function copy(text: string, shown: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('Copied.');
  } catch {
    const range = document.createRange();
    range.selectNodeContents(shown);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    say('Selected: copy it with Ctrl+C or ⌘C.');
  }
}
