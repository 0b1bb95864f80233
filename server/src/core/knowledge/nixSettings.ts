// Every setting of Nix 2.8 to 2.35 by name: type, default, age, who may set it, and a sentence for hover. Versions and
// who may set what: NixOS/nix src/libstore/daemon.cc and the setting declarations at the tags 2.3 to 2.35.0.

import { nearest } from "./editDistance";
import { SETTING_NOTES, type SettingNote } from "./nixSettingsNotes";
import { SETTING_ROWS, type SettingRow, type SettingType } from "./nixSettingsTable";

/** Who may set it for a build by the daemon, other than trusted users. */
export type SettableBy =
  /** Anybody: the daemon takes it from every client. */
  | "anyone"
  /** Anybody, but only entries that the daemon's own lists name. */
  | "listed-only"
  /** It acts in the client (evaluation, prompts): the daemon is not asked. */
  | "client"
  /** Trusted users only; for others the daemon ignores it, with a warning since 2.22. */
  | "trusted";

export interface NixSetting extends SettingRow {
  readonly aliases: readonly string[];
  /** First version that has it; absent where it is older than 2.4. */
  readonly since?: string;
  /** First version that no longer has it. */
  readonly removed?: string;
  readonly settableBy: SettableBy;
  /** Value is split at blanks, `extra-NAME` appends. */
  readonly listValued: boolean;
  readonly description?: string;
  /** Where the default differs between versions. */
  readonly defaultNote?: string;
  /** Exists only there. */
  readonly only?: "lix" | "determinate" | "macos";
}

export interface SettingMatch {
  readonly setting: NixSetting;
  /** Written with the prefix `extra-`. */
  readonly extra: boolean;
  /** Written by an alias, such as `binary-caches`. */
  readonly alias: boolean;
}

const LIST_TYPES: ReadonlySet<SettingType> = new Set(["list", "set", "map"]);

/** All settings, in the order of their names. */
export const NIX_SETTINGS: readonly NixSetting[] = buildSettings();

const BY_NAME: ReadonlyMap<string, NixSetting> = new Map(
  NIX_SETTINGS.flatMap(setting => [setting.name, ...setting.aliases].map(name => [name, setting] as const)),
);

/** The setting of that name, alias or `extra-` form; undefined if no version has it. Case and blanks count. */
export function findSetting(name: string): SettingMatch | undefined {
  const direct = BY_NAME.get(name);
  if (direct !== undefined) return { setting: direct, extra: false, alias: direct.name !== name };
  if (!name.startsWith("extra-")) return undefined;
  const base = name.slice("extra-".length);
  const setting = BY_NAME.get(base);
  if (setting === undefined || !setting.listValued) return undefined;
  return { setting, extra: true, alias: setting.name !== base };
}

/** The one current name that is near a misspelt one (`substituers`, `trustedPublicKeys`), with its `extra-` prefix. */
export function nearestSetting(name: string): string | undefined {
  const extra = /^extra[-_]?(?=[a-zA-Z])/i.exec(name)?.[0];
  if (extra !== undefined) {
    const lists = NIX_SETTINGS.filter(setting => setting.listValued).map(setting => setting.name);
    const base = nearest(name.slice(extra.length), lists);
    if (base !== undefined) return `extra-${base}`;
  }
  return nearest(
    name,
    NIX_SETTINGS.map(setting => setting.name),
  );
}

function buildSettings(): NixSetting[] {
  const rows = new Map<string, SettingRow>(SETTING_ROWS.map(row => [row.name, row]));
  const names = new Set([...rows.keys(), ...Object.keys(SETTING_NOTES)]);
  return [...names].sort().flatMap(name => {
    const { row: ownRow, ...note }: SettingNote = SETTING_NOTES[name] ?? {};
    const row = rows.get(name) ?? (ownRow === undefined ? undefined : { name, ...ownRow });
    if (row === undefined) return [];
    return [
      {
        ...row,
        aliases: row.aliases ?? [],
        listValued: LIST_TYPES.has(row.type),
        settableBy: "trusted" as const,
        ...note,
      },
    ];
  });
}
