import { api, type PathPoint, type Plan, ServerError, type View } from './api';
import { type Changes, isNone, none, toRequest } from './changes';
import { Signal } from './signal';

/** The state bytes of all points: of the selection on disk, before the last change, and now. */
export interface States {
  readonly disk: Uint8Array;
  readonly before: Uint8Array;
  readonly now: Uint8Array;
}

const farAlpha = 0.1;
const smallPool = 150_000;

/** The selection: what is on disk, what was changed, and the plan that answers it. */
export class Model {
  readonly changes = new Signal<Changes>(none);
  readonly plan = new Signal<Plan | null>(null);
  readonly isWorking = new Signal(false);
  readonly problem = new Signal<string | null>(null);
  readonly states: Signal<States>;

  /** The folders that plans were saved in, by the plan's name. */
  readonly saved = new Signal<ReadonlyMap<string, string>>(new Map());

  /** The plan of the selection on disk. */
  disk: Plan | null = null;

  /** The path on its more diverse side, of the selection on disk. */
  readonly diverse = new Signal<readonly PathPoint[]>([]);

  private history: Changes[] = [none];
  private at = 0;
  private wanted: Changes | null = null;
  private running: Promise<void> | null = null;

  constructor(
    readonly view: View,
    state: Uint8Array,
  ) {
    this.states = new Signal<States>({ disk: state, before: state, now: state });
  }

  get canUndo(): boolean {
    return this.at > 0;
  }

  get canRedo(): boolean {
    return this.at < this.history.length - 1;
  }

  get isChanged(): boolean {
    return !isNone(this.changes.value);
  }

  /** The plan's name on the server; "0" for the selection on disk. */
  get planId(): string {
    return this.isChanged ? (this.plan.value?.plan ?? '0') : '0';
  }

  /** Asks for the plan of the selection on disk, with its path. */
  async open(changes: Changes): Promise<void> {
    if (!this.view.canPlan) {
      return;
    }

    this.isWorking.set(true);
    try {
      this.disk = await api.plan({});
      this.plan.set(this.disk);
    } catch (error) {
      this.problem.set(sentence(error));
    } finally {
      this.isWorking.set(false);
    }

    if (this.disk && !isNone(changes)) {
      this.edit(changes);
    }

    await this.settled();
    await this.lookAhead();
  }

  /**
   * A plan comes with the path down to itself. What lies beyond is asked for before somebody moves there, where that takes no
   * time that anybody would notice.
   */
  private async lookAhead(): Promise<void> {
    const alpha = this.disk?.settings.alpha;
    if (alpha && alpha > farAlpha && this.view.rows <= smallPool) {
      try {
        this.diverse.set((await api.plan({ alpha: farAlpha })).path);
      } catch {
        // The path then ends where the plan does.
      }
    }
  }

  /**
   * Changes the selection.
   * @param isSettled false while a slider is being dragged: such a change is answered but not kept for undo
   */
  edit(changes: Changes, isSettled = true): void {
    if (isSettled) {
      this.history = [...this.history.slice(0, this.at + 1), changes];
      this.at++;
    }

    this.apply(changes);
  }

  undo(): void {
    if (this.canUndo) {
      this.apply(this.history[--this.at]!);
    }
  }

  redo(): void {
    if (this.canRedo) {
      this.apply(this.history[++this.at]!);
    }
  }

  /** Waits until the last change is answered. */
  async settled(): Promise<void> {
    while (this.running) {
      await this.running;
    }
  }

  private apply(changes: Changes): void {
    this.wanted = changes;
    this.changes.set(changes);
    this.running ??= this.answer().finally(() => {
      this.running = null;
    });
  }

  /** Answers the last change that was asked for; those that it overtook are skipped. */
  private async answer(): Promise<void> {
    this.isWorking.set(true);
    while (this.wanted) {
      const changes = this.wanted;
      this.wanted = null;
      try {
        const plan = isNone(changes) && this.disk ? this.disk : await api.plan(toRequest(changes));
        const now =
          plan === this.disk ? this.states.value.disk : new Uint8Array(await api.state(plan.plan));
        this.problem.set(null);
        this.plan.set(plan);
        this.states.set({ disk: this.states.value.disk, before: this.states.value.now, now });
      } catch (error) {
        if (!this.wanted) {
          this.problem.set(sentence(error));
        }
      }
    }

    this.isWorking.set(false);
  }
}

/** Returns an error as one sentence for the page. */
export function sentence(error: unknown): string {
  return error instanceof ServerError || error instanceof Error ? error.message : String(error);
}
