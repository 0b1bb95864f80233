// Which systemd units a switch touches: as the host itself foretells it (dry-activate), or by comparing the unit files. Pure.

export interface UnitChanges {
  /** foretold: by the new system on the host. compared: from unit files, which say what differs but not what is done. */
  readonly by: "foretold" | "compared";
  readonly stop: readonly string[];
  readonly start: readonly string[];
  readonly restart: readonly string[];
  readonly reload: readonly string[];
  /** They differ and yet are left as they are. */
  readonly leave: readonly string[];
}

const NONE: Omit<UnitChanges, "by"> = { stop: [], start: [], restart: [], reload: [], leave: [] };

const LINES = [
  [/^would stop the following units: (.+)$/, "stop"],
  [/^would start the following units: (.+)$/, "start"],
  [/^would restart the following units: (.+)$/, "restart"],
  [/^would reload the following units: (.+)$/, "reload"],
  [/^would NOT (?:stop|restart) the following changed units: (.+)$/, "leave"],
] as const;

/** Reads what `switch-to-configuration dry-activate` prints; undefined where nothing of it is in the text. */
export function parseDryActivate(lines: readonly string[]): UnitChanges | undefined {
  const found: Record<keyof typeof NONE, string[]> = {
    stop: [],
    start: [],
    restart: [],
    reload: [],
    leave: [],
  };
  let known = false;
  for (const line of lines) {
    if (/^would activate the configuration/.test(line.trim())) known = true;
    for (const [pattern, kind] of LINES) {
      const names = pattern.exec(line.trim())?.[1];
      if (names === undefined) continue;
      known = true;
      found[kind].push(...names.split(/,\s*/).map(name => name.trim()));
    }
  }
  if (!known) return undefined;
  // what is stopped to be started again is restarted, in people's words
  const both = new Set(found.stop.filter(name => found.start.includes(name)));
  const without = (names: readonly string[]) => tidy(names.filter(name => !both.has(name)));
  return {
    by: "foretold",
    stop: without(found.stop),
    start: without(found.start),
    restart: tidy([...found.restart, ...both]),
    reload: tidy(found.reload),
    leave: tidy(found.leave),
  };
}

/** What differs between the units of two systems. */
export function compareUnits(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): UnitChanges {
  const names = tidy([...before.keys(), ...after.keys()].map(unitOf));
  const of = (units: ReadonlyMap<string, string>, name: string) =>
    [units.get(name), units.get(`${name}.d`)].join(" ");
  const has = (units: ReadonlyMap<string, string>, name: string) => units.has(name) || units.has(`${name}.d`);
  return {
    ...NONE,
    by: "compared",
    stop: names.filter(name => has(before, name) && !has(after, name)),
    start: names.filter(name => !has(before, name) && has(after, name)),
    restart: names.filter(
      name => has(before, name) && has(after, name) && of(before, name) !== of(after, name),
    ),
  };
}

/** Folders of drop-ins belong to their unit. */
function unitOf(name: string): string {
  return name.replace(/\.d$/, "");
}

function tidy(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
