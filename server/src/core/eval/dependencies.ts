// What values rest on: which answers of the file port went into them. Sets of reads are numbers that grow by joining two
// of them, so that following every value of an evaluation costs next to nothing; only who asks gets the reads themselves.

export type ReadKind = "file" | "directory" | "existence";

/** One question to the file port. */
export interface Read {
  readonly kind: ReadKind;
  readonly path: string;
}

/** Rests on no file at all. */
export const NOTHING = 0;

/** Rests on more than reads: on where in the evaluation it was asked for. Such a value holds for this evaluation only. */
export const THIS_EVALUATION = 1;

/** Beyond so many sets, what is joined anew counts as resting on this evaluation: bounds memory. */
const MAX_SETS = 1 << 20;

/** So far back a set's newest members are looked at, to see that it holds another one already. */
const LOOK_BACK = 4;

const RECENT = 1 << 12;

export class Dependencies {
  /** A set is its two halves; one read has itself as second and its number in `reads` as first. */
  private readonly firsts: number[] = [NOTHING, THIS_EVALUATION];
  private readonly seconds: number[] = [NOTHING, THIS_EVALUATION];
  private readonly single = new Map<string, number>();
  private readonly reads: Read[] = [];
  /** Joins made lately: first, second, result. */
  private readonly recent = new Int32Array(RECENT * 3);

  /** The set of this one read. */
  of(kind: ReadKind, path: string): number {
    const key = `${kind} ${path}`;
    const known = this.single.get(key);
    if (known !== undefined) return known;
    const id = this.firsts.length;
    this.firsts.push(this.reads.length);
    this.seconds.push(id);
    this.reads.push({ kind, path });
    this.single.set(key, id);
    return id;
  }

  /** Every read of one kind so far. */
  paths(kind: ReadKind): ReadonlySet<string> {
    return new Set(this.reads.filter(read => read.kind === kind).map(read => read.path));
  }

  join(a: number, b: number): number {
    if (a === b || b === NOTHING || a === THIS_EVALUATION) return a;
    if (a === NOTHING || b === THIS_EVALUATION) return b;
    if (this.holds(a, b)) return a;
    if (this.holds(b, a)) return b;
    const slot = ((Math.imul(a, 31) + b) & (RECENT - 1)) * 3;
    const { recent } = this;
    if (recent[slot] === a && recent[slot + 1] === b) return recent[slot + 2] ?? THIS_EVALUATION;
    const id = this.firsts.length;
    if (id >= MAX_SETS) return THIS_EVALUATION;
    this.firsts.push(a);
    this.seconds.push(b);
    recent[slot] = a;
    recent[slot + 1] = b;
    recent[slot + 2] = id;
    return id;
  }

  /** Whether `part` was joined to `set` lately. */
  private holds(set: number, part: number): boolean {
    let at = set;
    for (let i = 0; i < LOOK_BACK; i++) {
      const second = this.seconds[at] ?? at;
      if (second === part) return true;
      if (second === at) return false;
      at = this.firsts[at] ?? NOTHING;
      if (at === part) return true;
    }
    return false;
  }

  /** All reads of a set; undefined where it rests on this evaluation. */
  readsOf(set: number): readonly Read[] | undefined {
    if (set === THIS_EVALUATION) return undefined;
    const seen = new Set<number>([NOTHING, set]);
    const reads: Read[] = [];
    for (const at of seen) {
      if (at === NOTHING) continue;
      const [first, second] = [this.firsts[at] ?? NOTHING, this.seconds[at] ?? NOTHING];
      if (second !== at) seen.add(first).add(second);
      else reads.push(this.reads[first] ?? OUT_OF_SIGHT);
    }
    return reads;
  }
}

const OUT_OF_SIGHT: Read = { kind: "existence", path: "" };
