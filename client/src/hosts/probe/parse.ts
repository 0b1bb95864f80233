// Turns the answer of the probe into HostFacts. The answer comes from a machine that may be broken or hostile: only
// lines with our mark count, every value is checked, and nothing is believed that does not have the right shape.

import { t } from "../../l10n";
import type {
  CacheReach,
  DiskSpace,
  Generation,
  HostFacts,
  Memory,
  ObservedSettings,
} from "../../state/hostFacts";

export type ProbeReading =
  | { readonly kind: "facts"; readonly facts: HostFacts; readonly caches: readonly CacheReach[] }
  /** The host answered something else than the probe's lines; `message` is one line for people. */
  | { readonly kind: "garbage"; readonly message: string };

const STORE_PATH = /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+\-._?=]{1,211}$/;
const TOO_MANY_LINES = 20_000;
/** A hostile host must not fill our memory: at most so many of anything, and so many characters of a name. */
const MOST = 200;
const LONGEST_NAME = 100;

export interface ProbeAnswer {
  /** Standard output of the probe. */
  readonly output: string;
  /** The word that the probe was given. */
  readonly mark: string;
  /** The output was longer than the limit. */
  readonly cut?: boolean;
  /** The caches that the probe was given, in the same order. */
  readonly caches?: readonly string[];
}

export function parseProbe({ output, mark, cut = false, caches = [] }: ProbeAnswer): ProbeReading {
  const answers = readLines(output, mark);
  const clock = integer(answers.one("clock"));
  if (clock === undefined) {
    const first = printable(output.split("\n", 1)[0] ?? "").slice(0, 80);
    const said = first === "" ? "nothing" : `"${first}"`;
    return {
      kind: "garbage",
      message: t("the host did not answer the probe but said {0}: is its login shell a POSIX shell?", said),
    };
  }
  const facts = readFacts(answers, clock, cut || answers.one("end") !== "ok");
  // a copy: parts of a text would keep the whole answer in memory
  return structuredClone({ kind: "facts", facts, caches: readCaches(answers, caches) });
}

class Answers {
  private readonly byKey = new Map<string, string[]>();

  add(key: string, value: string): void {
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, [value]);
    else known.push(value);
  }

  one(key: string): string | undefined {
    const value = this.byKey.get(key)?.[0];
    return value === "" ? undefined : value;
  }

  all(key: string): readonly string[] {
    return this.byKey.get(key) ?? [];
  }
}

function readLines(output: string, mark: string): Answers {
  const answers = new Answers();
  let lines = 0;
  for (const line of output.split("\n")) {
    if (!line.startsWith(`${mark} `)) continue;
    if (++lines > TOO_MANY_LINES) break;
    const rest = line.slice(mark.length + 1);
    const space = rest.indexOf(" ");
    if (space < 0) continue;
    answers.add(rest.slice(0, space), printable(rest.slice(space + 1)).trim());
  }
  return answers;
}

function readFacts(answers: Answers, clock: number, truncated: boolean): HostFacts {
  const system = answers.one("system");
  const user = answers.one("user") ?? "";
  const isRoot = answers.one("uid") === "0";
  return {
    hostName: answers.one("hostname"),
    clock,
    system: system === "nixos" ? "nixos" : system === "other" ? "other-with-nix" : "no-nix",
    osName: answers.one("os"),
    currentSystem: storePath(answers.one("current")),
    bootedSystem: storePath(answers.one("booted")),
    profileSystem: storePath(answers.one("profile")),
    profileGeneration: integer(/^system-(\d+)-link$/.exec(answers.one("profileLink") ?? "")?.[1]),
    generations: readGenerations(answers),
    generationCount: integer(answers.one("count")) ?? 0,
    nixosVersion: answers.one("version"),
    configurationRevision: /^[0-9a-f]{7,64}(-dirty)?$/.exec(answers.one("revision") ?? "")?.[0],
    nixVersion: /\(Nix\) (\S+)/.exec(answers.one("nix") ?? "")?.[1],
    kernel: answers.one("kernel"),
    uptimeSeconds: decimal(answers.one("uptime")?.split(" ")[0]),
    load1: decimal(answers.one("load")?.split(" ")[0]),
    cpuCount: integer(answers.one("cpus")),
    memory: readMemory(answers),
    storeSpace: readSpace(answers.one("store")),
    bootSpace: readSpace(answers.one("boot")),
    failedUnits: answers.one("units") === "yes" ? named(answers.all("failed")) : undefined,
    rebootNeeded: yesNo(answers.one("reboot")),
    settings: readSettings(answers),
    login: { user, isRoot, sudoWithoutPassword: isRoot ? undefined : yesNo(answers.one("sudo")) },
    hostPublicKey: publicKey(answers.one("hostkey")),
    rootPublicKey: publicKey(answers.one("rootkey")),
    truncated,
  };
}

function readGenerations(answers: Answers): Generation[] {
  const specialisations = new Map<number, string[]>();
  for (const line of answers.all("specialisation")) {
    const [number, name] = split(line, 2);
    const key = integer(number);
    const known = specialisations.get(key ?? -1) ?? [];
    if (key === undefined || !name || known.length >= MOST) continue;
    specialisations.set(key, [...known, name.slice(0, LONGEST_NAME)]);
  }
  const generations: Generation[] = [];
  for (const line of answers.all("generation")) {
    const [text, date, target, version, kernel] = split(line, 5);
    const number = integer(text);
    const path = storePath(target);
    if (number === undefined || path === undefined) continue;
    generations.push({
      number,
      storePath: path,
      date: integer(date),
      version: version?.slice(0, LONGEST_NAME) || undefined,
      kernel: /-linux-([0-9][^/]*)/.exec(kernel ?? "")?.[1]?.slice(0, LONGEST_NAME),
      specialisations: specialisations.get(number) ?? [],
    });
  }
  return generations.sort((a, b) => b.number - a.number).slice(0, MOST);
}

function readMemory(answers: Answers): Memory | undefined {
  const bytes = (key: string): number | undefined => {
    const kib = integer(answers.one(`mem${key}`));
    return kib === undefined ? undefined : kib * 1024;
  };
  const total = bytes("MemTotal");
  if (total === undefined) return undefined;
  return {
    total,
    available: bytes("MemAvailable") ?? 0,
    swapTotal: bytes("SwapTotal") ?? 0,
    swapFree: bytes("SwapFree") ?? 0,
  };
}

/** A line of `df -Pk`: device, total, used, free, percent, mount point. */
function readSpace(line: string | undefined): DiskSpace | undefined {
  const words = line?.split(/\s+/) ?? [];
  const total = integer(words.at(-5));
  const free = integer(words.at(-3));
  return total === undefined || free === undefined ? undefined : { total: total * 1024, free: free * 1024 };
}

function readSettings(answers: Answers): ObservedSettings | undefined {
  const value = (name: string): string | undefined => answers.all(`setting:${name}`).at(-1);
  const list = (name: string): string[] =>
    (value(name) ?? "")
      .split(/\s+/)
      .filter(word => word !== "")
      .slice(0, MOST);
  if (value("substituters") === undefined && value("trusted-public-keys") === undefined) return undefined;
  const flag = (name: string): boolean | undefined => {
    const text = value(name);
    return text === "true" ? true : text === "false" ? false : undefined;
  };
  return {
    substituters: list("substituters"),
    trustedPublicKeys: list("trusted-public-keys"),
    trustedUsers: list("trusted-users"),
    secretKeyFiles: list("secret-key-files"),
    requireSigs: flag("require-sigs"),
    fallback: flag("fallback"),
  };
}

function readCaches(answers: Answers, urls: readonly string[]): CacheReach[] {
  return answers.all("cache").flatMap(line => {
    const [index, how, rest = ""] = split(line, 3);
    const url = urls[integer(index) ?? -1];
    if (url === undefined) return [];
    if (how === "yes") return [{ url, reached: true, milliseconds: undefined, why: undefined }];
    if (how !== "http") return [{ url, reached: false, milliseconds: undefined, why: rest.slice(0, 300) }];
    const [code, time] = rest.split(" ");
    const reached = code === "200";
    const seconds = decimal(time);
    const milliseconds = seconds === undefined ? undefined : Math.round(seconds * 1000);
    return [{ url, reached, milliseconds, why: reached ? undefined : `HTTP ${integer(code) ?? "?"}` }];
  });
}

function named(words: readonly string[]): string[] {
  return words
    .filter(word => word !== "")
    .slice(0, MOST)
    .map(word => word.slice(0, LONGEST_NAME));
}

function split(line: string, count: number): string[] {
  const parts = line.split("|");
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join("|")];
}

function storePath(text: string | undefined): string | undefined {
  return text !== undefined && STORE_PATH.test(text) ? text : undefined;
}

function publicKey(text: string | undefined): string | undefined {
  return /^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*/.exec(text ?? "")?.[0];
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

function yesNo(text: string | undefined): boolean | undefined {
  return text === "yes" ? true : text === "no" ? false : undefined;
}

/** Without control characters, so that nothing from a host can steer a terminal or a tree. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "").slice(0, 8000);
}
