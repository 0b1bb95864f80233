// What values rest on: the files that were read on the way to them. By it the fleet knows which of its parts are read
// again after a change.

import { Accounts } from "./accounts";
import { Dependencies, NOTHING, type Read, type ReadKind } from "./dependencies";
import type { ReadLog } from "./files";

/** What native code remembers outside of thunks, with what it rests on. */
export interface Kept<T> {
  readonly value: T;
  readonly rests: number;
}

export class Resting extends Accounts {
  protected readonly dependencies = new Dependencies();
  /** What the value that is being computed rests on so far. */
  protected rests = NOTHING;

  /** What was asked of the file port so far; grows while values are forced. */
  get reads(): ReadLog {
    return {
      files: this.dependencies.paths("file"),
      directories: this.dependencies.paths("directory"),
      existence: this.dependencies.paths("existence"),
    };
  }

  noteRead(kind: ReadKind, path: string): void {
    this.rests = this.dependencies.join(this.rests, this.dependencies.of(kind, path));
  }

  /** Runs code whose result native code keeps for later: what it rests on is kept with it. */
  keep<T>(compute: () => T): Kept<T> {
    const outer = this.rests;
    this.rests = NOTHING;
    const value = compute();
    const kept = { value, rests: this.rests };
    this.rests = this.dependencies.join(outer, kept.rests);
    return kept;
  }

  /** A value that native code keeps, resting on all that led here. */
  kept<T>(value: T): Kept<T> {
    return { value, rests: this.rests };
  }

  /** What was kept; what is computed from it rests on the same. */
  recall<T>({ value, rests }: Kept<T>): T {
    this.rests = this.dependencies.join(this.rests, rests);
    return value;
  }

  /** Runs code whose result nothing else in this evaluation uses: nothing later rests on what it rests on. */
  apart<T>(compute: () => T): T {
    const outer = this.rests;
    const result = compute();
    this.rests = outer;
    return result;
  }

  /** The reads that what is being computed rests on; undefined where it is good for this evaluation only. */
  get restsOn(): readonly Read[] | undefined {
    return this.dependencies.readsOf(this.rests);
  }
}
