// The definitions of many modules as one tree: at each place the definitions that stand there, pushed down through
// mkIf, mkMerge and mkOverride, without looking deeper than somebody asks.

import type { Evaluation } from "../eval/evaluation";
import type { Kept } from "../eval/resting";
import type { AttrsValue, ErrorValue } from "../eval/value";
import { type Definition, pushDown } from "./properties";

interface Level {
  readonly children: ReadonlyMap<string, readonly Definition[]>;
  /** There may be definitions of names that are not among the children: why. */
  readonly open: string | undefined;
  readonly error: ErrorValue | undefined;
  /** Something defined here is not a set. */
  readonly notSets: readonly Definition[];
}

export class DefinitionTree {
  private level: Kept<Level> | undefined;
  private readonly subtrees = new Map<string, DefinitionTree>();

  constructor(
    private readonly ctx: Evaluation,
    /** What is defined right here, still wrapped. */
    readonly definitions: readonly Definition[],
    /** There may be more definitions here than these: why. */
    private readonly openAbove: string | undefined,
  ) {}

  /** Definitions of the name right below. */
  definitionsOf(name: string): readonly Definition[] {
    return this.expand().children.get(name) ?? [];
  }

  child(name: string): DefinitionTree {
    const definitions = this.definitionsOf(name);
    const known = this.subtrees.get(name);
    if (known !== undefined) return known;
    const tree = new DefinitionTree(this.ctx, definitions, this.open);
    this.subtrees.set(name, tree);
    return tree;
  }

  at(loc: readonly string[]): DefinitionTree {
    let tree: DefinitionTree = this;
    for (const name of loc) tree = tree.child(name);
    return tree;
  }

  /** The names defined right below. */
  get names(): readonly string[] {
    return [...this.expand().children.keys()];
  }

  /** There may be more names than these, or other definitions of them: why. */
  get open(): string | undefined {
    return this.expand().open;
  }

  get error(): ErrorValue | undefined {
    return this.expand().error;
  }

  get notSets(): readonly Definition[] {
    return this.expand().notSets;
  }

  private expand(): Level {
    this.level ??= this.ctx.keep(() => expanded(this.ctx, this.definitions, this.openAbove));
    return this.ctx.recall(this.level);
  }
}

function expanded(ctx: Evaluation, definitions: readonly Definition[], openAbove: string | undefined): Level {
  const flat = pushDown(ctx, definitions);
  const children = new Map<string, Definition[]>();
  const notSets: Definition[] = [];
  let open = openAbove ?? flat.open;
  for (const each of flat.definitions) {
    const { value } = each;
    if (value.kind === "unknown") open ??= value.reason;
    else if (value.kind !== "attrs") notSets.push(each);
    else {
      open ??= value.open;
      addChildren(children, each, value);
    }
  }
  return { children, open, error: flat.error, notSets };
}

function addChildren(children: Map<string, Definition[]>, parent: Definition, set: AttrsValue): void {
  const { conditions, pending, override, order, source } = parent;
  for (const [name, attr] of set.attrs) {
    const { value, nameSpan, span } = attr;
    const each = { value, conditions, pending, override, order, source, nameSpan, span };
    const known = children.get(name);
    if (known === undefined) children.set(name, [each]);
    else known.push(each);
  }
}
