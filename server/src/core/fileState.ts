// One file at one text: its facts and what its own rules say, and its tree as long as that is kept.

import type { AnalysisOptions } from "./analysis";
import { type Crash, crashOf } from "./crash";
import type { FileFacts } from "./facts/facts";
import { isNixConf, readFacts, readNixConf } from "./facts/readFacts";
import { isScript, readScript } from "./facts/scriptFacts";
import type { RecentTrees } from "./recentTrees";
import { type Judgement, judgeFile } from "./rules/engine";
import { RULES } from "./rules/index";
import type { SourceFile } from "./syntax/expr";

const NO_FACTS = { options: [], settings: [], confs: [], computedFlakeConfig: [], texts: [] };

/** One text and what follows from it alone, computed when first asked for. Invariant: the text never changes. */
export class FileState {
  readonly crashes: Crash[] = [];
  private condensed: FileFacts | undefined;
  private judged: Judgement | undefined;

  constructor(
    readonly path: string,
    readonly text: string,
    private readonly options: AnalysisOptions,
    private readonly trees: RecentTrees,
  ) {}

  get file(): SourceFile | undefined {
    if (!this.isNix) return undefined;
    // they will be asked for, and the tree is here now
    this.condensed ??= this.read();
    return this.trees.of(this.path, this.text);
  }

  get facts(): FileFacts {
    this.condensed ??= this.read();
    return this.condensed;
  }

  private get isNix(): boolean {
    return this.path.endsWith(".nix");
  }

  get judgement(): Judgement {
    if (this.judged === undefined) {
      const textOf = (path: string): string | undefined => (path === this.path ? this.text : undefined);
      this.judged = judgeFile(this.options.rules ?? RULES, { facts: this.facts, textOf });
      this.crashes.push(...this.judged.crashes);
    }
    return this.judged;
  }

  private read(): FileFacts {
    try {
      if (isNixConf(this.path)) return readNixConf(this.path, this.text);
      if (this.isNix) return readFacts(this.trees.of(this.path, this.text));
      if (isScript(this.path))
        return { path: this.path, ...NO_FACTS, script: readScript(this.path, this.text) };
    } catch (error) {
      this.crashes.push(crashOf("read", this.path, error));
    }
    return { path: this.path, ...NO_FACTS };
  }
}
