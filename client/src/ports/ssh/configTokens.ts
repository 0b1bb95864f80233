// What may stand for something else in a value of the SSH configuration: `%h` and the like, `~`, `${VARIABLE}`.

import os from "node:os";
import path from "node:path";

export interface Tokens {
  /** As the user wrote the destination. */
  readonly alias: string;
  readonly hostName: string;
  readonly hostKeyAlias: string | undefined;
  readonly user: string;
  readonly localUser: string;
  readonly home: string;
  readonly port: string;
}

/** A host name, in which only `%h` (what the user wrote) has a meaning. */
export function expandHostName(text: string, alias: string): string {
  return text.replace(/%([%h])/g, (_, letter: string) => (letter === "h" ? alias : "%"));
}

/** The name of a file: tokens, `~` and variables of the environment; those that are not set are left as they are. */
export function expandFile(text: string, tokens: Tokens): string {
  const withVariables = text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
    (whole, name: string) => process.env[name] ?? whole,
  );
  return expandHome(expandTokens(withVariables, tokens), tokens.home);
}

export function expandHome(text: string, home: string): string {
  if (text === "~") return home;
  return text.startsWith("~/") ? path.posix.join(home, text.slice(2)) : text;
}

/** The percent tokens of ssh_config(5) that can be known without connecting; others are left as they are. */
export function expandTokens(text: string, tokens: Tokens): string {
  const values: Readonly<Record<string, () => string>> = {
    "%": () => "%",
    h: () => tokens.hostName,
    n: () => tokens.alias,
    k: () => tokens.hostKeyAlias ?? tokens.alias,
    p: () => tokens.port,
    r: () => tokens.user,
    u: () => tokens.localUser,
    d: () => tokens.home,
    i: () => String(process.getuid?.() ?? ""),
    l: () => os.hostname(),
    L: () => os.hostname().split(".")[0] ?? "",
  };
  return text.replace(/%(.)/g, (whole, letter: string) => values[letter]?.() ?? whole);
}
