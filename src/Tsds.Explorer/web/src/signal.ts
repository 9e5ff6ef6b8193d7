/** A value that tells who wants to know when it changes. */
export class Signal<T> {
  private readonly listeners: ((value: T) => void)[] = [];

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    this.current = value;
    for (const listener of this.listeners) {
      listener(value);
    }
  }

  /** Calls now and at every change. */
  watch(listener: (value: T) => void): void {
    this.listeners.push(listener);
    listener(this.current);
  }

  /** Calls at every change. */
  on(listener: (value: T) => void): void {
    this.listeners.push(listener);
  }
}
