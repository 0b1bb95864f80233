// What one file says, read off the page: no evaluation, no other file. Total: half-typed parts say nothing.

import { staticProblems } from "../eval/compile/staticProblems";
import type { LiteralContext } from "../eval/literalReader";
import { EMPTY_SCOPE } from "../eval/literalScope";
import { plainText } from "../eval/textDatum";
import type { SourceFile } from "../syntax/expr";
import { declaredOptions } from "./declaredOptions";
import type { ConfFact, FileFacts } from "./facts";
import { isFlake, readFlakeConfig } from "./flakeConfig";
import { literalsOf } from "./literalsOf";
import { confsOfOption, settingOfFlake, settingsOfConf, settingsOfOption } from "./settingFacts";
import { findOptions } from "./walk";

/** Reading a file stops after so many steps: enough for any configuration, little enough for a hostile one. */
const FUEL = 200_000;

/** The facts of a Nix file. */
export function readFacts(file: SourceFile): FileFacts {
  const ctx: LiteralContext = { path: file.path, text: file.text, fuel: { left: FUEL } };
  const options = findOptions(ctx, file.root, EMPTY_SCOPE);
  const flake = isFlake(file.path) ? readFlakeConfig(ctx, file.root) : { settings: [], computed: [] };
  return {
    path: file.path,
    options,
    settings: [...flake.settings.map(settingOfFlake), ...options.flatMap(settingsOfOption)],
    confs: options.flatMap(confsOfOption),
    computedFlakeConfig: flake.computed,
    ...literalsOf(ctx, file),
    declared: declaredOptions(file.root),
    refused: refusedIn(file),
  };
}

/** What loaders such as std, hive and haumea put in scope of the files that they read (`scopedImport`). */
const LOADED = new Set(["inputs", "cell", "root", "super"]);

/** A file that is no function and takes such a name from outside gets all its names from a loader. */
function refusedIn(file: SourceFile): NonNullable<FileFacts["refused"]> {
  const problems = staticProblems(file);
  const isLoaded = problems.some(
    ({ kind, span }) =>
      kind === "undefined-variable" &&
      file.root.kind !== "lambda" &&
      LOADED.has(file.text.slice(span.start, span.end)),
  );
  return isLoaded ? problems.filter(({ kind }) => kind !== "undefined-variable") : problems;
}

/** Whether a path is that of a file in the grammar of nix.conf. */
export function isNixConf(path: string): boolean {
  return /nix\.conf$|\/nix\.custom\.conf$|\/nix\.conf\.d\/[^/]+\.conf$/.test(path);
}

/** The facts of a nix.conf file. */
export function readNixConf(path: string, text: string): FileFacts {
  const whole = plainText(text, { path, start: 0, end: text.length });
  const conf: ConfFact = { surface: "nix.conf", text: whole, conditions: [] };
  return {
    path,
    options: [],
    settings: settingsOfConf(conf),
    confs: [conf],
    computedFlakeConfig: [],
    texts: [],
  };
}
