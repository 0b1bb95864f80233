// How an option is described in the tables of this folder.

import type { ValueType } from "./valueType";

export interface OptionDoc {
  readonly name: string;
  readonly type: ValueType;
  /** As Nix text; absent where there is none or it depends on the configuration. */
  readonly default?: string;
  /** Must be given. */
  readonly required?: boolean;
  /** One or two sentences, Markdown. */
  readonly description: string;
  /** The name to write instead, below the same set; on newer versions only, where `description` says so. */
  readonly renamedTo?: string;
}

export function findOption(options: readonly OptionDoc[], name: string): OptionDoc | undefined {
  return options.find(option => option.name === name);
}
