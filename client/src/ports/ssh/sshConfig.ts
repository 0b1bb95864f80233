// Reads what OpenSSH's client configuration says about one destination: Host and Match sections, Include, first value
// wins. The text is parsed by ssh-config; evaluation is ours, because that library does not follow Include and would
// start processes for `Match exec` and host name canonicalisation. Nothing here starts a process.

import os from "node:os";
import path from "node:path";
import SSHConfig, { type Directive, type Line, LineType, type Section } from "ssh-config";
import type { SshDirective } from "./sshArguments";

/** Everything needed to connect to one destination, defaults filled in. */
export interface ResolvedDestination {
  /** As the user wrote it. */
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths, in the order in which to try them; OpenSSH's defaults where the configuration names none. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket, "none", or undefined for the environment's. */
  readonly identityAgent: string | undefined;
  /** Hops in the order of travel; empty for a direct connection. */
  readonly proxyJump: readonly string[];
  /** Set where only OpenSSH itself can connect. */
  readonly proxyCommand: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** The name under which the host key is looked up; undefined for the host's own. */
  readonly hostKeyAlias: string | undefined;
  readonly connectTimeoutSeconds: number | undefined;
  /** Why a whole file was passed over. As with ssh, nobody is connected to then: it could be somebody else. */
  readonly unreadable: string | undefined;
  /** What was not understood or not done, one line each: shown to the user, never fatal. */
  readonly problems: readonly string[];
}

/** Gives the files that an Include pattern names (already absolute, may hold `*` and `?`); empty where there are none. */
export type IncludeReader = (pattern: string) => readonly { readonly path: string; readonly text: string }[];

export interface ConfigSource {
  /** The text of the user's configuration, then of the system's; a missing file is "". */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly readInclude: IncludeReader;
  /** `~` and relative paths of user files resolve here. */
  readonly home: string;
  readonly localUser: string;
}

export interface DestinationOverrides {
  readonly user?: string;
  readonly port?: number;
  /** As given to ssh itself. */
  readonly options?: readonly SshDirective[];
}

const INCLUDE_DEPTH = 16;
const DEFAULT_IDENTITIES = ["id_ed25519", "id_ecdsa", "id_ecdsa_sk", "id_ed25519_sk", "id_rsa"];
const ACCUMULATING = new Set(["identityfile", "certificatefile"]);

/** What the configuration says about `alias`. Overrides (from a deploy node) win over the configuration. */
export function resolveDestination(
  alias: string,
  source: ConfigSource,
  overrides: DestinationOverrides = {},
): ResolvedDestination {
  const state = new Evaluation(alias, source, overrides);
  for (const file of source.texts) state.readText(file.text, file.path, 0);
  return destination(alias, source, overrides, state);
}

/** A round over hundreds of hosts evaluates the same few texts for each of them. */
const parsedTexts = new Map<string, readonly Line[]>();
const MOST_PARSED = 32;

function parseOnce(text: string): readonly Line[] {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const lines = SSHConfig.parse(text);
  if (parsedTexts.size >= MOST_PARSED) parsedTexts.clear();
  parsedTexts.set(text, lines);
  return lines;
}

class Evaluation {
  readonly values = new Map<string, string[]>();
  readonly problems: string[] = [];
  unreadable: string | undefined;

  constructor(
    private readonly alias: string,
    private readonly source: ConfigSource,
    overrides: DestinationOverrides,
  ) {
    if (overrides.user !== undefined) this.values.set("user", [overrides.user]);
    if (overrides.port !== undefined) this.values.set("port", [String(overrides.port)]);
    for (const { key, value } of overrides.options ?? []) this.set(key, [value]);
  }

  first(key: string): string | undefined {
    return this.values.get(key)?.[0];
  }

  readText(text: string, file: string, depth: number): void {
    let lines: readonly Line[];
    try {
      lines = parseOnce(text);
    } catch (error) {
      // the library throws on text that it cannot read
      this.unreadable ??= `${file} can't be read: ${error instanceof Error ? error.message : String(error)}`;
      return;
    }
    this.readLines(lines, file, depth);
  }

  private readLines(lines: readonly Line[], file: string, depth: number): void {
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) continue;
      const key = line.param.toLowerCase();
      if (key === "host" || key === "match") {
        if (!("config" in line)) continue;
        const section: Section = line;
        const applies = key === "host" ? matchesPatterns(words(line), this.alias) : this.matchApplies(line);
        if (applies) this.readLines(section.config, file, depth);
      } else if (key === "include") this.include(line, file, depth);
      else this.set(key, words(line));
    }
  }

  private set(key: string, value: string[]): void {
    const known = this.values.get(key);
    if (known === undefined) this.values.set(key, value);
    else if (ACCUMULATING.has(key)) known.push(...value);
  }

  private include(line: Directive, file: string, depth: number): void {
    if (depth >= INCLUDE_DEPTH) {
      this.problems.push(`${file}: Include is nested more than ${INCLUDE_DEPTH} deep; the rest is not read`);
      return;
    }
    for (const pattern of words(line)) {
      const absolute = expandHome(pattern, this.source.home);
      const base = file.startsWith("/etc/") ? "/etc/ssh" : path.posix.join(this.source.home, ".ssh");
      const full = path.isAbsolute(absolute) ? absolute : path.posix.join(base, absolute);
      for (const included of this.source.readInclude(full))
        this.readText(included.text, included.path, depth + 1);
    }
  }

  private matchApplies(line: Directive): boolean {
    const tokens = matchTokens(line);
    for (let i = 0; i < tokens.length; i++) {
      const raw = (tokens[i] ?? "").toLowerCase();
      const negated = raw.startsWith("!");
      const criterion = negated ? raw.slice(1) : raw;
      if (criterion === "all") {
        if (negated) return false;
        continue;
      }
      // a second pass after canonicalisation is not made, so these never apply
      if (criterion === "canonical" || criterion === "final") return false;
      i++;
      const holds = this.criterionHolds(criterion, tokens[i] ?? "");
      if (holds === undefined || holds === negated) return false;
    }
    return tokens.length > 0;
  }

  private criterionHolds(criterion: string, patterns: string): boolean | undefined {
    const list = patterns.split(",");
    switch (criterion) {
      case "host":
        return matchesPatterns(list, this.first("hostname") ?? this.alias);
      case "originalhost":
        return matchesPatterns(list, this.alias);
      case "user":
        return matchesPatterns(list, this.first("user") ?? this.source.localUser);
      case "localuser":
        return matchesPatterns(list, this.source.localUser);
      case "exec":
        this.problems.push(`a "Match exec" section is skipped: its command is not run`);
        return undefined;
      default:
        this.problems.push(`a "Match ${criterion}" section is skipped: the criterion is not known`);
        return undefined;
    }
  }
}

function destination(
  alias: string,
  source: ConfigSource,
  overrides: DestinationOverrides,
  state: Evaluation,
): ResolvedDestination {
  const user = overrides.user ?? state.first("user") ?? source.localUser;
  const tokens = { alias, user, home: source.home, localUser: source.localUser };
  const hostName = expandTokens(state.first("hostname") ?? alias, { ...tokens, hostName: alias, port: "" });
  const port = readPort(state);
  const expand = (text: string): string =>
    expandHome(expandTokens(text, { ...tokens, hostName, port: String(port) }), source.home);
  const sshDir = path.posix.join(source.home, ".ssh");
  const files = state.values.get("identityfile")?.filter(file => file.toLowerCase() !== "none");
  const identityAgent = state.first("identityagent");
  return {
    alias,
    hostName,
    port,
    user,
    identityFiles: files?.map(expand) ?? DEFAULT_IDENTITIES.map(name => path.posix.join(sshDir, name)),
    identitiesOnly: state.first("identitiesonly")?.toLowerCase() === "yes",
    identityAgent: identityAgent === undefined ? undefined : readAgent(identityAgent, expand),
    ...readProxy(state),
    userKnownHostsFiles: (
      state.values.get("userknownhostsfile") ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]
    )
      .filter(file => file.toLowerCase() !== "none")
      .map(expand),
    globalKnownHostsFiles: (
      state.values.get("globalknownhostsfile") ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
    ).map(expand),
    hostKeyAlias: state.first("hostkeyalias"),
    connectTimeoutSeconds: readSeconds(state.first("connecttimeout")),
    unreadable: state.unreadable,
    problems: state.problems,
  };
}

function readPort(state: Evaluation): number {
  const text = state.first("port");
  if (text === undefined) return 22;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  state.problems.push(`Port ${text} is not a port; 22 is used`);
  return 22;
}

function readSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return text !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** ProxyJump and ProxyCommand: whichever came first wins in OpenSSH; ProxyJump is what can be done here. */
function readProxy(state: Evaluation): Pick<ResolvedDestination, "proxyJump" | "proxyCommand"> {
  const keys = [...state.values.keys()];
  const jump = keys.indexOf("proxyjump");
  const command = keys.indexOf("proxycommand");
  const useJump = jump >= 0 && (command < 0 || jump < command);
  if (useJump) {
    const hops = state.first("proxyjump") ?? "none";
    return {
      proxyJump: hops.toLowerCase() === "none" ? [] : hops.split(",").map(hop => hop.trim()),
      proxyCommand: undefined,
    };
  }
  const text = state.values.get("proxycommand")?.join(" ");
  return {
    proxyJump: [],
    proxyCommand: text === undefined || text.toLowerCase() === "none" ? undefined : text,
  };
}

function readAgent(text: string, expand: (text: string) => string): string | undefined {
  if (text === "SSH_AUTH_SOCK") return undefined;
  if (text.startsWith("$")) return process.env[text.slice(1).replace(/^\{|\}$/g, "")];
  return text.toLowerCase() === "none" ? "none" : expand(text);
}

/** The values of a directive as separate words; quotes are gone already. */
function words(line: Directive): string[] {
  if (typeof line.value !== "string") return line.value.map(word => word.val);
  const key = line.param.toLowerCase();
  if (key !== "userknownhostsfile" && key !== "globalknownhostsfile" && key !== "host" && key !== "include")
    return [line.value];
  return line.quoted ? [line.value] : line.value.split(/\s+/).filter(word => word !== "");
}

function matchTokens(line: Directive): string[] {
  const text = typeof line.value === "string" ? [line.value] : line.value.map(word => word.val);
  return text.flatMap(word => word.split(/\s+/)).filter(word => word !== "");
}

/** OpenSSH's pattern list: `*`, `?`, and `!pattern`, which refuses whatever else matches. */
export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith("!");
    if (!wildcard(negated ? pattern.slice(1) : pattern).test(text)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "is");
}

function expandHome(text: string, home: string): string {
  if (text === "~") return home;
  return text.startsWith("~/") ? path.posix.join(home, text.slice(2)) : text;
}

interface Tokens {
  readonly alias: string;
  readonly hostName: string;
  readonly user: string;
  readonly localUser: string;
  readonly home: string;
  readonly port: string;
}

/** `%h` and the other percent tokens of ssh_config(5) that can be known without connecting. */
function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, letter: string) => {
    switch (letter) {
      case "%":
        return "%";
      case "h":
        return tokens.hostName;
      case "n":
        return tokens.alias;
      case "p":
        return tokens.port;
      case "r":
        return tokens.user;
      case "u":
        return tokens.localUser;
      case "d":
        return tokens.home;
      case "i":
        return String(process.getuid?.() ?? "");
      case "l":
        return os.hostname();
      case "L":
        return os.hostname().split(".")[0] ?? "";
      default:
        return whole;
    }
  });
}
