// Completion in nix.conf text: in a nix.conf file, or between the quotes of `nix.extraOptions`.

import type { Analysis } from "../analysis";
import type { Candidate, Completion } from "./completion";
import { listEntries } from "./completionValues";
import { nameText } from "./hoverNames";
import { nixSettingDocs } from "./schema";

const CONF_OPTIONS = new Set(["extraOptions", "extraConfig"]);

/** `path` is the option that the text belongs to; without it the text is a whole nix.conf file. */
export function confCompletions(
  analysis: Analysis,
  text: string,
  offset: number,
  path?: readonly string[],
): Completion[] {
  if (path !== undefined && !CONF_OPTIONS.has(path.at(-1) ?? "")) return [];
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  if (line.includes("#")) return [];
  const word = /\S*$/.exec(line)?.[0] ?? "";
  const place = { start: offset - word.length, end: offset };
  const assigned = /^\s*(\S+)\s+=\s/.exec(line)?.[1];
  if (assigned !== undefined)
    return values(analysis, assigned).map(candidate => ({ ...candidate, ...place }));
  return /^\s*\S*$/.test(line) ? names().map(candidate => ({ ...candidate, ...place })) : [];
}

function names(): Candidate[] {
  return nixSettingDocs()
    .filter(doc => !doc.outdated)
    .map(doc => ({
      label: doc.name,
      kind: "name",
      detail: `${doc.origin}, ${doc.type}`,
      documentation: nameText(doc),
      newText: `${doc.name} = `,
      isSnippet: false,
    }));
}

function values(analysis: Analysis, name: string): Candidate[] {
  const doc = nixSettingDocs().find(each => each.name === name);
  const words = (doc?.values ?? []).map(
    (value): Candidate => ({
      label: value.replaceAll('"', ""),
      kind: "value",
      detail: name,
      documentation: "",
      newText: value.replaceAll('"', ""),
      isSnippet: false,
    }),
  );
  return [...words, ...listEntries(analysis, [name])];
}
