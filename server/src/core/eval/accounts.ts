// What one evaluation may cost and has cost: steps, memory and the depth of data. A limit ends nothing by itself: what
// is beyond it is Unknown.

import type { Limits } from "./evaluator";
import { LIMIT, type UnknownValue, unknownValue } from "./value";

/** Data nested deeper than this is not walked into by native code. */
const MAX_WALK = 400;

export const LIMIT_REACHED: UnknownValue = unknownValue(LIMIT);

export class Accounts {
  private steps: number;
  private cells: number;
  /** Nesting of native walks over data, see enter(). */
  private walking = 0;
  private isLimited = false;

  constructor(readonly limits: Limits) {
    this.steps = limits.steps;
    this.cells = limits.cells;
  }

  /** A limit was met somewhere: what is known may hang on what was asked for first. */
  get limited(): boolean {
    return this.isLimited;
  }

  meetLimit(): void {
    this.isLimited = true;
  }

  /** A limit has ended this evaluation: everything not computed yet is Unknown(LIMIT). */
  get exhausted(): boolean {
    return this.steps <= 0;
  }

  get stepsUsed(): number {
    return this.limits.steps - Math.max(this.steps, 0);
  }

  /** How much of what it may cost it has cost; 1 is all. */
  get spent(): number {
    const { steps, cells } = this.limits;
    return Math.max(1 - this.steps / steps, 1 - this.cells / cells);
  }

  /** For native code that walks into nested data: one level deeper, or false at a limit. Pair it with leave(). */
  enter(): boolean {
    if (!this.spend(1)) return false;
    if (this.walking >= MAX_WALK) {
      this.meetLimit();
      return false;
    }
    this.walking++;
    return true;
  }

  leave(): void {
    this.walking--;
  }

  /** What to return when a limit is reached. */
  get limit(): UnknownValue {
    this.meetLimit();
    return LIMIT_REACHED;
  }

  /** Counts work; false when the limit is reached. Native loops call it with what they are about to do. */
  spend(steps: number): boolean {
    this.steps -= steps;
    if (this.steps > 0) return true;
    this.meetLimit();
    return false;
  }

  /** Counts memory (list items, attributes, characters); undefined if there is room, else what to return. */
  allocate(cells: number): UnknownValue | undefined {
    this.cells -= cells;
    if (this.cells > 0 && this.spend(cells >> 3)) return undefined;
    return this.limit;
  }

  /** After a stack overflow no native walk is open any more. */
  protected leaveAll(): void {
    this.walking = 0;
  }
}
