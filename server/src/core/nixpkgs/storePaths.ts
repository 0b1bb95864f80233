// Places in inputs whose files are not here: paths below a root that no file system has, so that what is put together
// from an input's path still says which file of which input it means.

import { followed, storePath } from "../eval/coerce";
import { MADE_UP } from "../eval/paths";
import type { UnknownValue, Value } from "../eval/value";

/** The path of an input (by a name of ours) as Nix code has it: its text is not known. */
export function inputPath(input: string, below = ""): UnknownValue {
  return storePath(`${MADE_UP}${input}${below}`, undefined);
}

export interface InputPlace {
  readonly input: string;
  /** Below the input, beginning with a slash; empty for the input itself. */
  readonly below: string;
}

/** The place in an input that a path names. */
export function placeOfPath(path: string): InputPlace | undefined {
  if (!path.startsWith(MADE_UP)) return undefined;
  const rest = path.slice(MADE_UP.length);
  const cut = rest.indexOf("/");
  return cut === -1 ? { input: rest, below: "" } : { input: rest.slice(0, cut), below: rest.slice(cut) };
}

export function placeOf(value: Value): InputPlace | undefined {
  const path = value.kind === "path" ? value.path : followed(value);
  return path === undefined ? undefined : placeOfPath(path);
}

/** How the files of a flake are named here; nixpkgs by its own name, whoever keeps it. */
export function placeName(repository: string): string {
  return repository.endsWith("/nixpkgs") ? "nixpkgs" : repository.replaceAll("/", "~");
}

/** The repository (or URL) behind a place. */
export function repositoryOf(place: InputPlace): string {
  return place.input.replaceAll("~", "/");
}
