// The latest test of each cache from each place, as long as the window is open.

import type { Disposable } from "../disposableStore";
import { Emitter, type Event } from "../events";
import type { CacheTest } from "../stores/cacheTest";

export class CacheTests implements Disposable {
  readonly #tests = new Map<string, CacheTest>();
  readonly #changed = new Emitter<void>();

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** All tests of a cache, this machine's first. */
  of(url: string): readonly CacheTest[] {
    const found = [...this.#tests.values()].filter(test => test.url === url);
    return found.sort((a, b) => (a.host ?? "").localeCompare(b.host ?? ""));
  }

  /** The latest test of a cache by a host. */
  by(url: string, host: string | undefined): CacheTest | undefined {
    return this.#tests.get(keyOf(url, host));
  }

  add(tests: readonly CacheTest[]): void {
    for (const test of tests) this.#tests.set(keyOf(test.url, test.host), test);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function keyOf(url: string, host: string | undefined): string {
  return JSON.stringify([url, host]);
}
