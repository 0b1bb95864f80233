// Which attribute paths are definitions of options that we care for. People write them at the root of a module, under
// `config`, in flake outputs, hives, home-manager users and so on, so a path is matched by its end; what stands before it
// only has to be a place where a module can be. A path is read name by name, and keeps only what decides about the next:
// almost all paths of a file lead nowhere, and those cost nothing.

/** An attribute path, as far as it has been read. */
export interface OptionPath {
  /** What the names before say about an option that begins behind them: bits of the kinds below. */
  readonly before: number;
  /** The options that the path may end in, the longest first. */
  readonly begun: readonly BegunOption[];
}

/** The end of a path, which leads into options we care for. */
export interface BegunOption {
  /** The option's path so far, from its root. */
  readonly option: readonly string[];
  readonly place: Place;
}

/** What may follow in an option's path. */
interface Place {
  readonly named: ReadonlyMap<string, Place>;
  /** Behind a name that is none of these. */
  readonly other: Place | undefined;
}

/** Options by their path; `*` is any one name. Nothing follows on a `*` that has names beside it: those win. */
const OPTIONS: readonly (readonly string[])[] = [
  ["nix", "settings", "*"],
  ["nix", "sshServe", "*"],
  ["nix", "gc", "*"],
  ["nix", "optimise", "*"],
  ["nix", "*"],
  ["programs", "ssh", "knownHosts", "*", "*"],
  ["programs", "ssh", "extraConfig"],
  ["services", "openssh", "settings", "*"],
  ["services", "openssh", "*"],
  ["services", "nix-serve", "*"],
  ["services", "harmonia", "cache", "*"],
  ["services", "harmonia", "*"],
  ["services", "atticd", "settings", "*"],
  ["services", "atticd", "*"],
  ["services", "cachix-agent", "*"],
  ["services", "cachix-watch-store", "*"],
];

/**
 * What stands in every text that names one of them: the name by which they differ from options that we do not care for.
 * `nix` also ends the names of files, and then nothing that a path goes on with follows.
 */
const NAMED = new RegExp(
  [
    ...OPTIONS.flatMap(([root, name]) => (root === "nix" || name === undefined ? [] : [`\\b${name}\\b`])),
    "(?<![\\w.])nix\\b",
    '\\.nix["}]*\\s*(?:\\.[^./]|[=#]|/\\*)',
  ].join("|"),
);

/** Whether a text may define one of these options; most do not, and need no closer look. */
export function mayNameOption(text: string): boolean {
  return NAMED.test(text);
}

/** At the end of an option's path. */
const WHOLE: Place = { named: new Map(), other: undefined };

/** What the options hold at an index of their paths, which are the same before it. */
function placeOf(options: readonly (readonly string[])[], index = 0): Place {
  const names = new Set(options.flatMap(option => option[index] ?? []));
  if (names.size === 0) return WHOLE;
  const placeBehind = (name: string): Place => {
    const those = options.filter(option => option[index] === name);
    return placeOf(those, index + 1);
  };
  return {
    named: new Map([...names].filter(name => name !== "*").map(name => [name, placeBehind(name)])),
    other: names.has("*") ? placeBehind("*") : undefined,
  };
}

/** Where a module certainly is. */
const IN_MODULE = placeOf(OPTIONS);

/** Elsewhere: `nix.settings.*`, `nix.sshServe.*` and the like say by themselves what they are, any other `nix.x` does not. */
const ANYWHERE = placeOf(
  OPTIONS.filter(([root, name]) => root !== "nix" || name === "settings" || name === "sshServe"),
);

/** Sets whose attributes are no option definitions, whatever they are called. */
const NO_MODULES: ReadonlySet<string> = new Set([
  "options",
  "inputs",
  "settings",
  "userSettings",
  "initializationOptions",
  "overlays",
  "packages",
  "legacyPackages",
  "devShells",
  "devShell",
  "checks",
  "apps",
  "meta",
  "passthru",
  "nixConfig",
  "lib",
  "pkgs",
]);

/** Attributes whose value is a module, wherever they stand. */
const MODULE_NAMES: ReadonlySet<string> = new Set(["config", "configuration", "defaults", "flake"]);

/** Roots of options below which no module stands but under one of those names. */
const OTHER_OPTIONS: ReadonlySet<string> = new Set([
  "boot",
  "disko",
  "environment",
  "fileSystems",
  "hardware",
  "networking",
  "programs",
  "security",
  "services",
  "systemd",
]);

/** `HOLDER.<name>` is a module. */
const MODULE_HOLDERS: ReadonlySet<string> = new Set([
  "nixosModules",
  "darwinModules",
  "homeModules",
  "homeManagerModules",
  "users",
  "colmena",
  "colmenaHive",
  "nodes",
  "hosts",
]);

/** What a name is, and what the names before another one are: a sum of these. */
const NOTHING = 0;
/** One of NO_MODULES is among them. */
const NO_MODULE = 1;
const OTHER_OPTION = 2;
/** `modules` is among them. */
const AMONG_MODULES = 4;
/** The last one is one of MODULE_NAMES. */
const MODULE = 8;
const HOLDER = 16;
const BEHIND_HOLDER = 32;
/** There are none. */
const START = 64;

const KINDS: ReadonlyMap<string, number> = kindsOf([
  [NO_MODULES, NO_MODULE],
  [OTHER_OPTIONS, OTHER_OPTION],
  [new Set(["modules"]), AMONG_MODULES],
  [MODULE_NAMES, MODULE],
  [MODULE_HOLDERS, HOLDER],
]);

function kindsOf(sets: readonly (readonly [ReadonlySet<string>, number])[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const [names, kind] of sets)
    for (const name of names) kinds.set(name, (kinds.get(name) ?? NOTHING) | kind);
  return kinds;
}

const NONE: readonly BegunOption[] = [];

/** The path of what stands at no name. */
export const NO_NAMES: OptionPath = { before: START, begun: NONE };

/** Paths that lead nowhere yet, one of each kind. */
const NOWHERE: readonly OptionPath[] = Array.from({ length: START }, (_, before) => ({
  before,
  begun: NONE,
}));

/** A path with one more name. */
export function pathWith(path: OptionPath, name: string): OptionPath {
  const before = namesWith(path.before, name);
  const begun = path.begun.length === 0 ? NONE : carriedOn(path.begun, name);
  const first = IN_MODULE.named.has(name) ? begin(path.before, name) : undefined;
  if (first !== undefined) return { before, begun: [...begun, first] };
  return begun.length === 0 ? (NOWHERE[before] ?? NO_NAMES) : { before, begun };
}

function namesWith(before: number, name: string): number {
  const kind = KINDS.get(name) ?? NOTHING;
  const behind = (before & HOLDER) === 0 ? NOTHING : BEHIND_HOLDER;
  return (before & (NO_MODULE | OTHER_OPTION | AMONG_MODULES)) | kind | behind;
}

/** An option that begins with a name; undefined where no module can be. */
function begin(before: number, name: string): BegunOption | undefined {
  if ((before & NO_MODULE) !== 0) return undefined;
  // `services.btrbk.instances.nix.settings`: a name that people gave to something else
  if ((before & OTHER_OPTION) !== 0 && (before & MODULE) === 0) return undefined;
  const isModule = (before & (START | MODULE | BEHIND_HOLDER | AMONG_MODULES)) !== 0;
  const place = (isModule ? IN_MODULE : ANYWHERE).named.get(name);
  return place && { option: [name], place };
}

function carriedOn(begun: readonly BegunOption[], name: string): readonly BegunOption[] {
  return begun.flatMap(({ option, place }) => {
    const next = place.named.get(name) ?? place.other;
    return next === undefined ? NONE : { option: [...option, name], place: next };
  });
}

/** Whether the value at an option's path is a definition of it; else it is a set of options, or of parts of one. */
export function isWhole({ place }: BegunOption): boolean {
  return place === WHOLE;
}
