// deploy-missing-hostname: a node of deploy-rs without the name or address to connect to.

import type { AttrsDatum } from "../eval/datum";
import type { Span } from "../text/span";
import { addToSet } from "./attributeFixes";
import { deployNodes } from "./deployLevels";
import { nodeFlake, profileText, webFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-missing-hostname",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A node of deploy-rs has no `hostname`",
    why: `deploy-rs does not use the node's name as address. Without \`hostname\` it stops with \`Error decoding the JSON from evaluation: missing
field \\\`hostname\\\`\`, for every node, also when another one was asked for with \`--hostname\`.`,
    bad: [webFlake(profileText())],
    good: [nodeFlake("")],
  },
};

export const deployMissingHostname: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = new Map<
      string,
      { readonly span: Span; readonly names: string[]; readonly fixes: readonly Fix[] }
    >();
    for (const { set, name, definition } of deployNodes(ctx.fleet)) {
      if (set === undefined || !set.complete || set.entries.has("hostname")) continue;
      // A node that a function makes is not named where it is written, and its hostname hangs on its argument.
      const isMade = !isWrittenAt(ctx, definition.nameSpan, set.span);
      const span = isMade ? { ...set.span, end: set.span.start + 1 } : definition.nameSpan;
      const fixes = isMade ? [] : stub(ctx, set, name);
      const id = `${span.path}\0${span.start}`;
      const same = found.get(id) ?? { span, names: [], fixes };
      same.names.push(`deploy.nodes.${name}`);
      found.set(id, same);
    }
    for (const { span, names, fixes } of found.values()) {
      const [first = "", ...others] = names;
      const who = others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
      const message = `${who} no hostname, so deploy-rs cannot read the deploy output: "missing field \`hostname\`"`;
      report({ span, message, fixes });
    }
  },
};

function stub(ctx: FleetContext, set: AttrsDatum, name: string): readonly Fix[] {
  const edits = addToSet(ctx, set, "hostname", JSON.stringify(name));
  return edits === undefined ? [] : [{ title: `Add hostname = "${name}"`, safety: "review", edits }];
}

/** The set is what the name is bound to, there and then, or holds what is bound to longer names. */
function isWrittenAt(ctx: FleetContext, name: Span, set: Span): boolean {
  if (name.path !== set.path) return false;
  const between = ctx.textOf(name.path)?.slice(name.end, set.start) ?? "";
  return name.end <= set.start && /^(\s*\.\s*[\w'"-]+)*\s*=\s*$/.test(between);
}
