// Which attribute paths are definitions of options that we care for. People write them at the root of a module, under
// `config`, in flake outputs, hives, home-manager users and so on, so a path is matched by its end; what stands before it
// only has to be a place where a module can be.

/** How far an attribute path goes into an option we care for. */
export type PathMatch =
  /** The whole option: its value is a definition. */
  | { readonly kind: "option"; readonly option: readonly string[] }
  /** On the way: the value is a set of options, or of parts of one. */
  | { readonly kind: "prefix"; readonly option: readonly string[] };

/** Options by their path; `*` is any one name. A longer path wins over a shorter one. */
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

const ROOTS: ReadonlySet<string> = new Set(OPTIONS.map(option => option[0] ?? ""));

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

/** Whether a path ends in (the beginning of) an option; undefined if it cannot lead to one. */
export function matchOptionPath(path: readonly string[]): PathMatch | undefined {
  for (let at = 0; at < path.length; at++) {
    const name = path[at] ?? "";
    if (NO_MODULES.has(name)) return undefined;
    if (!ROOTS.has(name)) continue;
    const option = path.slice(at);
    const match = matchAtRoot(option);
    if (match === undefined || !isModuleRoot(path.slice(0, at), option)) continue;
    return match;
  }
  return undefined;
}

function matchAtRoot(option: readonly string[]): PathMatch | undefined {
  let whole = false;
  for (const pattern of OPTIONS) {
    if (pattern.length < option.length || !agrees(option, pattern)) continue;
    if (pattern.length > option.length) return { kind: "prefix", option };
    whole = true;
  }
  return whole ? { kind: "option", option } : undefined;
}

/** The names that there are agree. */
function agrees(option: readonly string[], pattern: readonly string[]): boolean {
  for (let i = 0; i < option.length; i++) {
    if (pattern[i] !== "*" && pattern[i] !== option[i]) return false;
  }
  return true;
}

/**
 * `nix.settings.*`, `nix.sshServe.*` and the like say by themselves what they are. A plain `nix.x` or `services.x` is
 * only taken for an option where a module certainly is.
 */
function isModuleRoot(before: readonly string[], option: readonly string[]): boolean {
  if (before.length === 0) return true;
  const nearest = before.at(-1) ?? "";
  // `services.btrbk.instances.nix.settings`: a name that people gave to something else.
  if (before.some(name => OTHER_OPTIONS.has(name)) && !MODULE_NAMES.has(nearest)) return false;
  const telling =
    option[0] !== "nix" || option[1] === "settings" || option[1] === "sshServe" || option.length === 1;
  if (telling) return true;
  if (MODULE_NAMES.has(nearest)) return true;
  const holder = before.at(-2) ?? "";
  return MODULE_HOLDERS.has(holder) || before.includes("modules");
}

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
