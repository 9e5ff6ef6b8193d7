import { api, type Saved } from '../api';
import { measure, plural } from '../format';
import { type Model, sentence } from '../model';
import { copy } from '../ui/copy';
import { fill, h } from '../ui/dom';

/** The dialogs that keep a changed selection: as a new folder, or as the command that makes it. */
export class KeepDialogs {
  private readonly dialog = h('dialog', { 'aria-labelledby': 'dialog-title' });

  constructor(private readonly model: Model) {
    document.body.append(this.dialog);
  }

  /** Tells how far saving has come. */
  progress: (text: string) => void = () => undefined;

  save(): void {
    const { model } = this;
    const folder = this.folderField();
    const outcome = h('div', { class: 'outcome', 'aria-live': 'polite' });
    const submit = h('button', { type: 'submit', class: 'primary' }, 'Save');
    const form = h(
      'form',
      {},
      h('p', {}, 'Writes the selection as it is now into a new folder, with its manifest. The folder that you opened stays as it is.'),
      h('div', { class: 'field' }, h('label', { for: 'new-folder' }, 'New folder'), folder),
      outcome,
      h('div', { class: 'actions end' }, this.closeButton('Cancel'), submit),
    );
    form.addEventListener('submit', event => {
      event.preventDefault();
      submit.disabled = true;
      const wait = h('p', { class: 'quiet working' }, 'Saving…');
      fill(outcome, wait);
      this.progress = text => {
        wait.textContent = text;
      };
      void model
        .settled()
        .then(() => api.save(model.planId, folder.value.trim()))
        .then(saved => {
          model.saved.set(new Map(model.saved.value).set(model.planId, saved.folder));
          this.saved(saved, folder.value.trim());
        })
        .catch(error => {
          fill(outcome, h('p', { class: 'problem' }, sentence(error)));
          submit.disabled = false;
        });
    });
    this.open('Save as a new selection', form);
    folder.select();
  }

  /** Tells what was saved, and offers to verify it. */
  private saved(saved: Saved, name: string): void {
    const command = h('code', {}, saved.command);
    const outcome = h('div', { class: 'outcome', 'aria-live': 'polite' });
    const verify = h('button', { type: 'button', class: 'primary' }, 'Verify now');
    verify.addEventListener('click', () => {
      verify.disabled = true;
      fill(outcome, h('p', { class: 'quiet working' }, 'Selecting once more from the same files, to compare byte by byte…'));
      api
        .verify(name)
        .then(({ agrees, checks }) =>
          fill(
            outcome,
            h('p', { class: agrees ? 'saved' : 'problem' }, agrees ? 'Verified: the folder is what its manifest says.' : 'It differs: the folder is not what its manifest says.'),
            h('ul', { class: 'checks-made' }, ...checks.map(check => h('li', {}, h('span', { 'aria-hidden': 'true' }, check.agrees ? '✓' : '✗'), ` ${check.name}${check.agrees ? '' : ' differ'}: ${readable(check.text)}`))),
          ),
        )
        .catch(error => {
          fill(outcome, h('p', { class: 'problem' }, sentence(error)));
          verify.disabled = false;
        });
    });
    this.open(
      'Saved',
      h('p', { class: 'saved' }, `${plural(saved.rows, 'row')} in ${saved.folder}.`),
      h('p', {}, 'Its manifest says what it was made from and what you changed. Verify it here, or at any time in a shell:'),
      h('pre', { tabindex: 0 }, command),
      outcome,
      h('div', { class: 'actions end' }, verify, h('button', { type: 'button', onclick: () => void copy(saved.command, command) }, 'Copy'), this.closeButton('Done')),
    );
    verify.focus();
  }

  command(): void {
    const { model } = this;
    const folder = this.folderField();
    const shown = h('div', { class: 'outcome', 'aria-live': 'polite' });
    const make = async () => {
      fill(shown, h('p', { class: 'quiet working' }, 'One moment…'));
      try {
        await model.settled();
        const { command, files } = await api.command(model.planId, folder.value.trim());
        const code = h('code', {}, command);
        fill(
          shown,
          h('pre', { tabindex: 0 }, code),
          files.length > 0 && [
            h('p', {}, 'It reads what was written for it:'),
            h('ul', { class: 'files' }, ...files.map(file => h('li', {}, h('code', {}, file.path), ` ${file.what}`))),
          ],
          h('div', { class: 'actions end' }, h('button', { type: 'button', class: 'primary', onclick: () => void copy(command, code) }, 'Copy'), this.closeButton('Done')),
        );
      } catch (error) {
        fill(shown, h('p', { class: 'problem' }, sentence(error)), h('div', { class: 'actions end' }, this.closeButton('Done')));
      }
    };
    folder.addEventListener('change', () => void make());
    this.open(
      'The command that makes it',
      h('p', {}, 'It chooses the same rows on any machine that has the same files.'),
      h('div', { class: 'field' }, h('label', { for: 'new-folder' }, 'Folder that it writes'), folder),
      shown,
    );
    void make();
  }

  private folderField(): HTMLInputElement {
    const name = this.model.view.folder.replace(/[\\/]+$/u, '').split(/[\\/]/u).pop() || 'selection';
    return h('input', { type: 'text', id: 'new-folder', required: true, autocomplete: 'off', spellcheck: 'false', value: `${name}-changed` });
  }

  private closeButton(label: string): HTMLButtonElement {
    return h('button', { type: 'button', onclick: () => this.dialog.close() }, label);
  }

  private open(title: string, ...children: Node[]): void {
    fill(this.dialog, h('h2', { id: 'dialog-title' }, title), ...children);
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }
}

/** Returns a text with three digits of each number that has very many. */
const readable = (text: string): string => text.replace(/\d+\.\d{6,}(?:E[-+]?\d+)?/gu, number => measure(Number(number)));
