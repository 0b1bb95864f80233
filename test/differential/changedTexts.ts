// Every text that fixes and edit requests make out of the fixtures of this repository, with the text that it was before.

import { readdirSync, readFileSync } from "node:fs";
import { type OptionOperation, planEdits } from "../../server/src/core/edits/planEdits";
import { fixAll } from "../../server/src/core/features/fixAll";
import { RULES } from "../../server/src/core/rules/index";
import type { Example } from "../../server/src/core/rules/rule";
import { applyEdits, type EditsByPath } from "../../server/src/core/text/textEdit";
import { analyse } from "../harness/analyse";
import { fixturePath, parseFixture } from "../harness/fixture";

type Files = ReadonlyMap<string, string>;

export interface ChangedText {
  /** What changed it, for the failure's message. */
  readonly by: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The bad examples of all rules. */
export function badExamples(): readonly Files[] {
  return RULES.flatMap(({ meta }) => meta.docs.bad.map(filesOf));
}

function filesOf(example: Example): Files {
  if (typeof example === "string") return parseFixture(example).files;
  return new Map(Object.entries(example).map(([name, text]) => [fixturePath(name), text]));
}

/** The fixtures in the tests of a folder. */
export function fixturesIn(folder: string): readonly Files[] {
  const url = new URL(`../../server/src/core/${folder}/`, import.meta.url);
  const tests = readdirSync(url).filter(name => name.endsWith(".test.ts"));
  return tests.flatMap(name => {
    const text = readFileSync(new URL(name, url), "utf8");
    return [...text.matchAll(/\bnix`((?:\\[\s\S]|[^`\\])*)`/g)].map(
      ([, raw = ""]) => parseFixture(raw.replaceAll("\\`", "`")).files,
    );
  });
}

/** What each fix makes of the files, and all safe fixes of a file together. */
export function fixedTexts(files: Files): readonly ChangedText[] {
  const analysis = analyse(files);
  const findings = [...analysis.allFindings().values()].flat();
  return [
    ...findings.flatMap(({ code, fixes }) =>
      fixes.flatMap(({ title, edits }) => changed(files, edits, `${code}: ${title}`)),
    ),
    ...[...files.keys()].flatMap(path =>
      changed(files, new Map([[path, fixAll(analysis, path)]]), "all safe fixes"),
    ),
  ];
}

const LIST = "nix.settings.substituters";
/** Strings of which some mean something in Nix. */
const ODD = ["https://cache.example.org", 'a"b\\c', "$" + "{x}", "''", "line\nline", "tab\t"];

const CHANGES: readonly Omit<OptionOperation, "target">[] = [
  { option: LIST, change: { kind: "addToList", items: ODD } },
  { option: LIST, change: { kind: "removeFromList", items: ["a"] } },
  { option: LIST, change: { kind: "removeFromList", items: ["a", "b", ...ODD] } },
  { option: "nix.settings.trusted-public-keys", change: { kind: "addToList", items: ODD } },
  { option: "networking.firewall.allowedTCPPorts", change: { kind: "addToList", items: [22, 5000] } },
  { option: "nix.sshServe.enable", change: { kind: "set", value: true } },
  { option: "nix.settings.fallback", change: { kind: "set", value: false } },
  { option: "services.openssh.enable", change: { kind: "set", value: true } },
  { option: 'programs.ssh.knownHosts."a.b".publicKey', change: { kind: "set", value: ODD.join(" ") } },
  { option: "nix.settings.secret-key-files", change: { kind: "addToList", items: ["/etc/nix/key"] } },
];

/** What edit requests make of each file: all of them in one, and each by itself where that is asked for. */
export function editedTexts(files: Files, { oneByOne }: { oneByOne: boolean }): readonly ChangedText[] {
  const analysis = analyse(files);
  const nixFiles = [...files.keys()].filter(path => path.endsWith(".nix"));
  return nixFiles.flatMap(path => {
    const operations = CHANGES.map((each): OptionOperation => ({ ...each, target: { path } }));
    return [operations, ...(oneByOne ? operations.map(each => [each]) : [])].flatMap(together => {
      const plan = planEdits(analysis, together);
      const by = together.map(({ option, change }) => `${change.kind} ${option}`).join(", ");
      return plan.kind === "edit" ? changed(files, plan.edits, by) : [];
    });
  });
}

function changed(files: Files, edits: EditsByPath, by: string): readonly ChangedText[] {
  return [...edits].flatMap(([path, own]) => {
    const before = files.get(path) ?? "";
    const after = applyEdits(before, own);
    return after === before ? [] : [{ by, path, before, after }];
  });
}
