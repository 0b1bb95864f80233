// Owns what must be released together. One failing release never stops the others.

export interface Disposable {
  dispose(): void;
}

/** Collects disposables; whatever is added after the store's own end is released at once. */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.#ended) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** How many are alive; tests count them before and after. */
  get size(): number {
    return this.#items.size;
  }

  /** Releases everything that was added, newest first, and keeps the store usable. */
  clear(): void {
    const items = [...this.#items].reverse();
    this.#items.clear();
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "several disposables failed");
  }

  dispose(): void {
    this.#ended = true;
    this.clear();
  }
}

/** A disposable that calls `release` once. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose() {
      if (released) return;
      released = true;
      release();
    },
  };
}
