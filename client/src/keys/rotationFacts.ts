// What is known of one rotation of a cache key: what was asked for, and what was made, changed and confirmed so far. Kept on
// disk between sessions; holds public halves only.

import { type ChangedFile, isChangedFile } from "../configuration/edits";
import { isRecord, isStrings } from "../json";
import { readHttpService, type ServedKey } from "../stores/httpServer";

export interface RotationFacts {
  /** The key that goes, as `NAME:BASE64`. */
  readonly oldKey: string;
  /** The host that signs with it; undefined where that is done elsewhere and the user switches it. */
  readonly signer: string | undefined;
  readonly newName: string;
  /** Where the new secret is on the signer. */
  readonly newFile: string;
  /** Known once it is made, or from the start where it was made elsewhere. */
  readonly newKey: string | undefined;
  /** The file of the signer's secret-key-files that holds the old key. */
  readonly oldFile: string | undefined;
  /** The servers for HTTP there that sign with the old key. */
  readonly served: readonly ServedKey[];
  /** The hosts that trust the old key. */
  readonly clients: readonly string[];
  /** Of these, the hosts that said that they trust the new one. */
  readonly trusting: readonly string[];
  /** Of these, the hosts that said that they trust the old one no more. */
  readonly retired: readonly string[];
  /** Whether we made the new key. */
  readonly made: boolean;
  /** What was changed in the configuration, by step. */
  readonly changed: Readonly<Record<string, readonly ChangedFile[]>>;
}

/** The next name of a series: `cache.example.org-1` gives `cache.example.org-2`, a name without a number gets `-2`. */
export function nextKeyName(name: string): string {
  const match = /^(.*)-(\d{1,9})$/.exec(name);
  return match === null ? `${name}-2` : `${match[1]}-${Number(match[2]) + 1}`;
}

/** Reads what was kept; undefined where it is not of this shape. */
export function readRotationFacts(value: unknown): RotationFacts | undefined {
  if (!isRecord(value)) return undefined;
  const { oldKey, newName, newFile, clients, trusting, retired, changed } = value;
  if (typeof oldKey !== "string" || typeof newName !== "string" || typeof newFile !== "string")
    return undefined;
  if (!isStrings(clients) || !isStrings(trusting) || !isStrings(retired) || !isRecord(changed))
    return undefined;
  return {
    oldKey,
    signer: optional(value["signer"]),
    newName,
    newFile,
    newKey: optional(value["newKey"]),
    oldFile: optional(value["oldFile"]),
    served: Array.isArray(value["served"]) ? value["served"].flatMap(readServedKey) : [],
    clients,
    trusting,
    retired,
    made: value["made"] === true,
    changed: Object.fromEntries(
      Object.entries(changed).map(([step, files]) => [
        step,
        Array.isArray(files) ? files.filter(isChangedFile) : [],
      ]),
    ),
  };
}

function readServedKey(value: unknown): readonly ServedKey[] {
  if (!isRecord(value)) return [];
  const [service, file] = [readHttpService(optional(value["service"])), optional(value["file"])];
  return service === undefined || file === undefined ? [] : [{ service, file }];
}

function optional(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
