// Nix evaluates a copy of a flake in the store. A place in the copy is led back to the project where both files are the same.

import path from "node:path";
import type { Files } from "../ports/files";
import type { NixPlace } from "./nixError";

/** A place in a file of the project; line and column from 1. */
export type OwnPlace = NixPlace;

/** The place in the project below `root`; undefined for what is elsewhere, or has changed since. */
export async function ownPlaceOf(
  files: Pick<Files, "readText">,
  root: string,
  place: NixPlace,
): Promise<OwnPlace | undefined> {
  if (isBelow(root, place.path)) return place;
  const inside = /^\/nix\/store\/[0-9a-z]{32}-[^/]+\/(.+)$/.exec(place.path)?.[1];
  if (inside === undefined) return undefined;
  // a flake in a folder of its repository: the copy has the whole repository
  for (let at = root; ; at = path.dirname(at)) {
    const own = path.join(at, inside);
    if (isBelow(at, own) && (await haveSameText(files, own, place.path))) return { ...place, path: own };
    if (at === path.dirname(at)) return undefined;
  }
}

function isBelow(folder: string, file: string): boolean {
  return path.normalize(file).startsWith(`${folder}/`);
}

async function haveSameText(files: Pick<Files, "readText">, a: string, b: string): Promise<boolean> {
  const text = await files.readText(a);
  return text !== undefined && text === (await files.readText(b));
}
