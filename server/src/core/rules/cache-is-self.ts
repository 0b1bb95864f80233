// cache-is-self: a host asks itself for what it does not have.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import type { TextEdit } from "../text/textEdit";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { takesArgument } from "./fileFormals";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { hostOfUrl } from "./hostNaming";
import { servesOverHttp } from "./httpServers";
import { type ListEntry, whereClause } from "./listEntries";
import { isListLiteral } from "./nixTokens";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "cache-is-self",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A host substitutes from itself",
    why: `What the host serves is what it has, so asking itself finds nothing and costs a connection for every path. While its own service is down,
during a deploy for example, an SSH cache even fails the build. It happens where one module lists a cache for all hosts: take out the one
that serves.`,
    bad: [
      '{ networking.hostName = "stage"; nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }',
      `{
  networking = { hostName = "stage"; domain = "example.org"; };
  services.nix-serve.enable = true;
  nix.settings.substituters = [ "http://stage.example.org:5000" ];
}`,
    ],
    good: ['{ networking.hostName = "prod"; nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }'],
  },
};

export const cacheIsSelf: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host =>
      bestSettingsOfHost(host)
        .list("substituters")
        .entries.flatMap((entry): HostFinding[] => {
          const { url } = parseStoreUrl(entry.datum.text);
          if (url === undefined || !servesOwnStore(host, url) || hostOfUrl(ctx.fleet, url, host) !== host)
            return [];
          return [
            {
              span: spanInText(entry.datum, 0, entry.datum.text.length),
              host,
              before: "",
              after: ` substitutes from itself${whereClause(entry.conditions)}${asEvaluated(host, "substituters")}: it is asked for every path that it does not have`,
              fixes: exceptThere(ctx, host, entry),
            },
          ];
        }),
    );
    reportForHosts(found, report);
  },
};

/** Over HTTP a host may well ask a service of its own that has more than its store, such as Attic. */
function servesOwnStore(host: Host, url: StoreUrl): boolean {
  return url.family === "ssh" || (url.family === "http" && servesOverHttp(host));
}

/** The list under a condition, where it has this entry alone and the file is a module that can ask for `config`. */
function exceptThere(ctx: FleetContext, host: Host, entry: ListEntry): readonly Fix[] {
  const name = host.effective.get("networking.hostName");
  const { span } = entry.datum;
  const fact = host.settings.find(
    ({ name: setting, value }) =>
      setting === "substituters" &&
      value.span.path === span.path &&
      value.span.start < span.start &&
      span.end < value.span.end,
  );
  const text = ctx.textOf(span.path) ?? "";
  const list = fact?.value;
  const asked = askForConfig(text);
  if (name?.kind !== "text" || name.text.includes("\uFFFC") || list?.kind !== "list") return [];
  const typed = text.slice(list.span.start, list.span.end);
  if (!isListLiteral(typed) || list.items.length !== 1 || asked === undefined) return [];
  const choice = `if config.networking.hostName != "${name.text}" then ${typed} else [ ]`;
  const isWhole = /=\s*$/.test(text.slice(0, list.span.start)) && /^\s*;/.test(text.slice(list.span.end));
  const { start, end } = list.span;
  const edits = [...asked, { start, end, newText: isWhole ? choice : `(${choice})` }];
  return [
    { title: `Leave it out on "${host.name}"`, safety: "review", edits: new Map([[span.path, edits]]) },
  ];
}

/** What a module's formals lack to have `config`: nothing where it is there; undefined where it cannot be added. */
function askForConfig(text: string): readonly TextEdit[] | undefined {
  if (takesArgument(text, "config")) return [];
  const [all, blank = ""] = /^(?:\s|#.*\n)*\{(\s*)(?=[^{}]*\.\.\.\s*\})/.exec(text) ?? [];
  if (all === undefined) return undefined;
  return [{ start: all.length, end: all.length, newText: `config,${blank.includes("\n") ? blank : " "}` }];
}
