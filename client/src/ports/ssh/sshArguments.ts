// The arguments that a deploy tool gives to ssh for a host, as far as they say where and as whom to connect. They come
// from the workspace, so only these few settings are taken over; above all none that weakens the check of host keys or
// names a command.

/** One setting of ssh_config(5): the keyword in small letters. */
export interface SshDirective {
  readonly key: string;
  readonly value: string;
}

const KEY_OF_FLAG: Readonly<Record<string, string>> = {
  p: "port",
  l: "user",
  i: "identityfile",
  J: "proxyjump",
};
const FAMILY_OF_FLAG: Readonly<Record<string, string>> = { "4": "inet", "6": "inet6" };
const WITH_ARGUMENT = new Set("BbcDEeFIiJLlmOopQRSWw");
const TAKEN_OVER = new Set([
  "port",
  "user",
  "identityfile",
  "identitiesonly",
  "proxyjump",
  "addressfamily",
  "connecttimeout",
  "hostkeyalias",
]);

/** What the words say, in their order; as with ssh, the first of two settings counts. */
export function readSshArguments(words: readonly string[]): readonly SshDirective[] {
  const directives: SshDirective[] = [];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (!/^-[^-]/.test(word)) continue;
    for (let at = 1; at < word.length; at++) {
      const flag = word.charAt(at);
      const family = FAMILY_OF_FLAG[flag];
      if (family !== undefined) directives.push({ key: "addressfamily", value: family });
      if (!WITH_ARGUMENT.has(flag)) continue;
      const directive = directiveOf(flag, word.slice(at + 1) || (left.shift() ?? ""));
      if (directive !== undefined) directives.push(directive);
      break;
    }
  }
  return directives;
}

function directiveOf(flag: string, argument: string): SshDirective | undefined {
  const key = KEY_OF_FLAG[flag];
  const named = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(argument);
  const directive =
    flag === "o"
      ? { key: named?.[1]?.toLowerCase() ?? "", value: named?.[2] ?? "" }
      : { key: key ?? "", value: argument.trim() };
  return TAKEN_OVER.has(directive.key) && directive.value !== "" ? directive : undefined;
}

export interface Hop {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** "user@host:port", "[v6]:port", "ssh://…": a hop of ProxyJump. */
export function parseHop(text: string): Hop {
  const bare = text.replace(/^ssh:\/\//, "").replace(/\/$/, "");
  const match = /^(?:(?<user>[^@]*)@)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]*))(?::(?<port>\d+))?$/.exec(bare);
  const groups = match?.groups;
  if (groups === undefined) return { host: bare };
  return {
    host: groups["v6"] ?? groups["host"] ?? bare,
    ...(groups["user"] ? { user: groups["user"] } : {}),
    ...(groups["port"] ? { port: Number(groups["port"]) } : {}),
  };
}
