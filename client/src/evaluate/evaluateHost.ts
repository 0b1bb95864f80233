// Real Nix as the second tier: evaluates the Nix settings of one host, within limits of time and memory. Builds nothing but
// what the configuration itself imports from builds, and changes no lock file.

import { nixConfSettings } from "../../../server/src/core/formats/nixConf";
import { isRecord, parseJson } from "../json";
import { t } from "../l10n";
import type { OutputLine, ProcessRunner, ProcessSpec } from "../ports/process";
import { NIX_FEATURES } from "../stores/nixPaths";
import { type NixError, readNixError } from "./nixError";

export interface EvaluationPorts {
  readonly processes: ProcessRunner;
  /** The program nix. */
  readonly nix: string;
  /** The program prlimit of util-linux; undefined where there is none, and then memory has no limit. */
  readonly prlimit: string | undefined;
}

export interface EvaluationRequest {
  /** The flake reference of the host's `config`, relative to `cwd`. */
  readonly reference: string;
  readonly cwd: string;
  readonly seconds: number;
  readonly memoryMiB: number;
}

export type EvaluatedSettings = Readonly<Record<string, string | readonly string[]>>;

export type EvaluationOutcome =
  | { readonly kind: "evaluated"; readonly settings: EvaluatedSettings }
  | { readonly kind: "failed"; readonly error: NixError }
  | { readonly kind: "outOfTime" | "outOfMemory" | "cancelled" }
  | { readonly kind: "cannotRun"; readonly message: string };

/**
 * Texts, and lists of texts. Paths become texts without being copied to the store, where a secret key would be readable by
 * everybody; what is neither is left out.
 */
const SETTINGS_EXPRESSION = `config: let
  text = value:
    if builtins.isString value then builtins.unsafeDiscardStringContext value
    else if builtins.isBool value then (if value then "true" else "false")
    else if builtins.isInt value || builtins.isFloat value || builtins.isPath value then toString value
    else null;
  plain = value: if builtins.isList value then map text value else text value;
in {
  settings = builtins.mapAttrs (name: plain) config.nix.settings;
  extraOptions = text config.nix.extraOptions;
}`;

const MAX_JSON = 4 * 1024 * 1024;
const MAX_ERROR_LINES = 2_000;

/** Never rejects. */
export async function evaluateHost(
  ports: EvaluationPorts,
  request: EvaluationRequest,
  signal: AbortSignal,
): Promise<EvaluationOutcome> {
  const timeout = AbortSignal.timeout(request.seconds * 1000);
  const output = new Output();
  const result = await ports.processes.run(
    specOf(ports, request),
    line => output.take(line),
    AbortSignal.any([signal, timeout]),
  );
  switch (result.kind) {
    case "cancelled":
      return { kind: signal.aborted ? "cancelled" : "outOfTime" };
    case "spawnFailed":
      return { kind: "cannotRun", message: result.message };
    case "killed":
      return output.ranOutOfMemory || KILLERS.has(result.signal)
        ? { kind: "outOfMemory" }
        : { kind: "cannotRun", message: result.signal };
    case "exited":
      if (result.code === 0) return output.settings();
      if (output.ranOutOfMemory) return { kind: "outOfMemory" };
      return { kind: "failed", error: readNixError(output.errors) };
  }
}

/** How a Nix that gets no more memory ends. */
const KILLERS: ReadonlySet<string> = new Set(["SIGABRT", "SIGSEGV", "SIGKILL", "SIGBUS"]);

function specOf({ nix, prlimit }: EvaluationPorts, request: EvaluationRequest): ProcessSpec {
  const { reference, cwd, memoryMiB } = request;
  const args = [
    ...NIX_FEATURES,
    "eval",
    "--json",
    "--no-write-lock-file",
    "--show-trace",
    reference,
    "--apply",
    SETTINGS_EXPRESSION,
  ];
  const env = { LC_ALL: "C", NO_COLOR: "1" };
  if (prlimit === undefined) return { command: nix, args, cwd, env };
  return { command: prlimit, args: [`--as=${memoryMiB * 1024 * 1024}`, "--", nix, ...args], cwd, env };
}

/** What the process printed, bounded. */
class Output {
  readonly errors: string[] = [];
  ranOutOfMemory = false;
  #json = "";

  take({ stream, text }: OutputLine): void {
    if (stream === "stdout") {
      if (this.#json.length < MAX_JSON) this.#json += text;
      return;
    }
    this.ranOutOfMemory ||= /out of memory|cannot allocate memory|std::bad_alloc/i.test(text);
    if (this.errors.length < MAX_ERROR_LINES) this.errors.push(text);
  }

  settings(): EvaluationOutcome {
    const value = parseJson(this.#json);
    if (!isRecord(value) || !isRecord(value["settings"]))
      return { kind: "cannotRun", message: t("nix eval printed no settings") };
    return { kind: "evaluated", settings: settingsOf(value["settings"], value["extraOptions"]) };
  }
}

/** NixOS writes `extraOptions` behind the settings, so that they win; `extra-` settings add to lists. */
function settingsOf(settings: Record<string, unknown>, extraOptions: unknown): EvaluatedSettings {
  const result = new Map<string, string | readonly string[]>();
  const set = (name: string, value: string | readonly string[]) => {
    const base = name.startsWith("extra-") ? name.slice("extra-".length) : undefined;
    if (base === undefined) return void result.set(name, value);
    result.set(base, [...wordsOf(result.get(base) ?? []), ...wordsOf(value)]);
  };
  const entries = Object.entries(settings);
  // what is added to a list comes behind the list
  for (const pass of [false, true]) {
    for (const [name, value] of entries) {
      if (name.startsWith("extra-") !== pass) continue;
      if (typeof value === "string") set(name, value);
      else if (Array.isArray(value))
        set(
          name,
          value.filter(item => typeof item === "string"),
        );
    }
  }
  if (typeof extraOptions === "string") {
    for (const { name, words } of nixConfSettings(extraOptions)) {
      const texts = words.map(word => word.text);
      set(name.text, Array.isArray(result.get(name.text)) ? texts : texts.join(" "));
    }
  }
  return Object.fromEntries(result);
}

function wordsOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? value.split(/\s+/).filter(word => word !== "") : value;
}
