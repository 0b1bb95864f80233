// Completion in nix.conf text: in a nix.conf file, or between the quotes of `nix.extraOptions`.

import type { Analysis } from "../analysis";
import type { Candidate, Completion } from "./completion";
import { fleetTexts } from "./completionFleet";
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
  const word = /[^\s=]*$/.exec(line)?.[0] ?? "";
  const place = { start: offset - word.length, end: offset };
  const [, assigned, blank = ""] = /^\s*([^\s=]+)\s*=(\s?)/.exec(line) ?? [];
  if (assigned !== undefined) {
    const present = new Set(line.split(/[\s=]+/));
    return values(analysis, assigned)
      .filter(({ newText }) => !present.has(newText))
      .map(candidate => ({
        ...candidate,
        newText: `${blank === "" ? " " : ""}${candidate.newText}`,
        ...place,
      }));
  }
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
  return [...words, ...listEntries(analysis, [name]), ...fleetTexts(analysis, [name])];
}
