// deploy-ssh-opts: arguments of ssh that break deploy-rs' connections, or open them to anybody.

import { knownText, type ListDatum, type TextDatum } from "../eval/datum";
import { deploySettings } from "./deployLevels";
import { removeEntry, replaceEntry } from "./entryFixes";
import { nodeFlake } from "./exampleFlakes";
import type { ListEntry } from "./listEntries";
import type { Fix, FleetContext, Report, Rule, RuleMeta } from "./rule";

function example(options: string) {
  return nodeFlake(`sshOpts = [ ${options} ];`);
}

const meta: RuleMeta = {
  code: "deploy-ssh-opts",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An argument in `sshOpts` does not work with deploy-rs, or turns off host key checks",
    why: `deploy-rs opens two connections at once, so a terminal (\`-t\`, \`RequestTTY\`) for a sudo prompt makes magic rollback hang; use \`interactiveSudo = true\` or
a sudo rule without password. Each element is one argument for ssh, while \`nix copy\` gets all of them joined by blanks: an element with
a blank is one thing to the first and two to the second. Without host key checks whoever answers under that address gets the
system, with the secrets in it.`,
    bad: [example('"-t"'), example('"-p 2222"'), example('"-o" "StrictHostKeyChecking=no"')],
    good: [example('"-p" "2222" "-o" "StrictHostKeyChecking=accept-new"')],
  },
};

export const deploySshOpts: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { set } of deploySettings(ctx.fleet)) {
      const options = set.entries.get("sshOpts")?.value;
      if (options?.kind !== "list") continue;
      for (const at of options.items.keys()) check(ctx, options, at, report);
    }
  },
};

const UNCHECKED = /(StrictHostKeyChecking[= ]+(?:no|off)|UserKnownHostsFile[= ]+\/dev\/null)\b/i;

function check(ctx: FleetContext, list: ListDatum, at: number, report: Report): void {
  const item = list.items[at];
  const text = item === undefined ? undefined : knownText(item);
  if (text === undefined || item?.kind !== "text") return;
  const unchecked = UNCHECKED.exec(text)?.[1];
  const span = item.span;
  if (/^-t+$|^(-o\s*)?RequestTTY[= ]+(yes|force)$/i.test(text.trim())) {
    report({
      span,
      message: `${text.trim()} asks for a terminal, with which magic rollback hangs: use interactiveSudo = true or a sudo rule without password`,
      fixes: withoutOption(ctx, list, at),
    });
  } else if (unchecked !== undefined) {
    report({
      span,
      message: `${unchecked} turns off the check of the host key: whoever answers at that address gets the system`,
      fixes: withoutOption(ctx, list, at),
    });
  } else if (/\s/.test(text.trim())) {
    report({
      span,
      message: `"${text}" has a blank inside: ssh gets it as one argument, nix copy as several; make each argument an element of its own`,
      fixes: split(ctx, list, item, text),
    });
  }
}

/** Without the argument, and without the `-o` before it that it belongs to. */
function withoutOption(ctx: FleetContext, list: ListDatum, at: number): readonly Fix[] {
  const [before, item] = [list.items[at - 1], list.items[at]];
  const isValue = before !== undefined && knownText(before) === "-o";
  const parts = (isValue ? [before, item] : [item]).filter(part => part?.kind === "text");
  const title = `Remove ${parts.map(part => `"${part.text}"`).join(" ")}`;
  const removed = parts.flatMap(part => removeEntry(ctx, entryOf(list, part), { title, safety: "review" }));
  if (removed.length !== (isValue ? 2 : 1)) return [];
  const edits = removed.flatMap(fix => [...fix.edits.values()].flat());
  return [{ title, safety: "review", edits: new Map([[list.span.path, edits]]) }];
}

function entryOf(list: ListDatum, datum: TextDatum): ListEntry {
  return { datum, conditions: [], form: "item", holder: list.span };
}

function split(ctx: FleetContext, list: ListDatum, item: TextDatum, text: string): readonly Fix[] {
  const words = /^(-[a-zA-Z])\s+(\S+)$/.exec(text.trim());
  if (words === null) return [];
  const parts = words.slice(1);
  const title = `Split into ${parts.map(part => `"${part}"`).join(" ")}`;
  return replaceEntry(ctx, entryOf(list, item), parts, { title, safety: "review" });
}
