// Which settings of OpenSSH's client configuration apply to one destination: Host and Match sections, Include, the first
// value wins. The text is parsed by ssh-config; evaluation is ours, because that library does not follow Include and would
// start processes for `Match exec` and host name canonicalisation. Nothing here starts a process.

import path from "node:path";
import { type Directive, type Line, LineType, type Section } from "ssh-config";
import { t } from "../../l10n";
import { matchTokens, parseOnce, wordsOf } from "./configLines";
import { expandHome, expandHostName } from "./configTokens";
import { matchesPatterns } from "./patterns";
import type { SshDirective } from "./sshArguments";

/** A file of the configuration as it was read. */
export interface ConfigText {
  readonly path: string;
  readonly text: string;
  /** Why ssh would refuse the file, and with it to connect. */
  readonly refused?: string | undefined;
}

/** Gives the files that an Include pattern names (already absolute, may hold `*` and `?`); empty where there are none. */
export type IncludeReader = (pattern: string) => readonly ConfigText[];

export interface ConfigSource {
  /** The user's configuration, then the system's; a missing file is "". */
  readonly texts: readonly ConfigText[];
  readonly readInclude: IncludeReader;
  /** `~` and relative paths of user files resolve here. */
  readonly home: string;
  readonly localUser: string;
}

const INCLUDE_DEPTH = 16;
const ACCUMULATING = new Set(["identityfile", "certificatefile"]);

export class ConfigEvaluation {
  readonly problems = new Set<string>();
  /** Why a whole file was passed over. */
  unreadable: string | undefined;
  readonly #values = new Map<string, string[]>();
  readonly #alias: string;
  readonly #source: ConfigSource;
  #wantsFinalPass = false;
  #isFinalPass = false;
  /** What Host sections look at. */
  #name: string;

  /** @param given what goes before the configuration, such as arguments of ssh */
  constructor(alias: string, source: ConfigSource, given: readonly SshDirective[]) {
    this.#alias = alias;
    this.#name = alias;
    this.#source = source;
    for (const { key, value } of given) this.#set(key, [value]);
    this.#readAll();
    if (!this.#wantsFinalPass) return;
    // the configuration may have sections for the real name
    this.#isFinalPass = true;
    this.#name = this.hostName.toLowerCase();
    this.#values.set("hostname", [this.#name]);
    this.#readAll();
  }

  first(key: string): string | undefined {
    return this.#values.get(key)?.[0];
  }

  all(key: string): readonly string[] | undefined {
    return this.#values.get(key);
  }

  /** Which of the keys was set first. */
  firstOf(...keys: readonly string[]): string | undefined {
    return [...this.#values.keys()].find(key => keys.includes(key));
  }

  get hostName(): string {
    return expandHostName(this.first("hostname") ?? this.#alias, this.#alias);
  }

  #readAll(): void {
    for (const text of this.#source.texts) this.#readText(text, 0);
  }

  #readText({ path: file, text, refused }: ConfigText, depth: number): void {
    if (refused !== undefined) {
      this.unreadable ??= refused;
      return;
    }
    let lines: readonly Line[];
    try {
      lines = parseOnce(text);
    } catch (error) {
      // the library throws on text that it cannot read
      const why = error instanceof Error ? error.message : String(error);
      this.unreadable ??= t("{0} can't be read: {1}", file, why);
      return;
    }
    this.#readLines(lines, file, depth);
  }

  #readLines(lines: readonly Line[], file: string, depth: number): void {
    for (const line of lines) {
      if (line.type !== LineType.DIRECTIVE) continue;
      const key = line.param.toLowerCase();
      if (key === "host" || key === "match") {
        if (!("config" in line)) continue;
        const section: Section = line;
        const applies =
          key === "host" ? matchesPatterns(wordsOf(line), this.#name) : this.#matchApplies(line);
        if (applies) this.#readLines(section.config, file, depth);
      } else if (key === "include") this.#include(line, file, depth);
      else this.#set(key, wordsOf(line));
    }
  }

  #set(key: string, value: readonly string[]): void {
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, [...value]);
    else if (ACCUMULATING.has(key)) known.push(...value.filter(word => !known.includes(word)));
  }

  #include(line: Directive, file: string, depth: number): void {
    if (depth >= INCLUDE_DEPTH) {
      const problem = t(
        "{0}: Include is nested more than {1} deep; the rest is not read",
        file,
        INCLUDE_DEPTH,
      );
      this.problems.add(problem);
      return;
    }
    for (const pattern of wordsOf(line)) {
      const absolute = expandHome(pattern, this.#source.home);
      const base = file.startsWith("/etc/") ? "/etc/ssh" : path.posix.join(this.#source.home, ".ssh");
      const full = path.isAbsolute(absolute) ? absolute : path.posix.join(base, absolute);
      for (const included of this.#source.readInclude(full)) this.#readText(included, depth + 1);
    }
  }

  #matchApplies(line: Directive): boolean {
    const tokens = matchTokens(line);
    let holds = tokens.length > 0;
    for (let i = 0; i < tokens.length; i++) {
      const raw = (tokens[i] ?? "").toLowerCase();
      const negated = raw.startsWith("!");
      const criterion = negated ? raw.slice(1) : raw;
      let met: boolean | undefined;
      // a negated one that has no value was given one for the parser
      if (negated && /^(?:all|canonical|final)$/.test(criterion)) i++;
      if (criterion === "all") met = true;
      else if (criterion === "canonical" || criterion === "final") {
        // host names are not canonicalised; `final` alone asks for the second pass, in which both hold
        if (criterion === "final") this.#wantsFinalPass = true;
        met = this.#isFinalPass;
      } else met = this.#criterionMet(criterion, tokens[++i] ?? "", holds);
      if (met === undefined || met === negated) holds = false;
    }
    return holds;
  }

  /** @param soFar whether the criteria before hold: what does not count anyway is no problem */
  #criterionMet(criterion: string, patterns: string, soFar: boolean): boolean | undefined {
    const list = patterns.split(",");
    const lower = () => list.map(pattern => pattern.toLowerCase());
    switch (criterion) {
      case "host":
        return matchesPatterns(lower(), this.hostName.toLowerCase());
      case "originalhost":
        return matchesPatterns(lower(), this.#alias.toLowerCase());
      case "user":
        return matchesPatterns(list, this.first("user") ?? this.#source.localUser);
      case "localuser":
        return matchesPatterns(list, this.#source.localUser);
      case "tagged":
        return matchesPatterns(list, this.first("tag") ?? "");
      default: {
        const why =
          criterion === "exec"
            ? t("its command is not run")
            : t("the criterion can't be judged without ssh itself");
        if (soFar) this.problems.add(t('a "Match {0}" section is skipped: {1}', criterion, why));
        return undefined;
      }
    }
  }
}
