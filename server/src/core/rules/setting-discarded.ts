// setting-discarded: a weak definition of a list that NixOS itself defines.

import type { SettingFact } from "../facts/facts";
import { ORDINARY } from "../facts/facts";
import { findOwnDefinition } from "../knowledge/nixosOptions";
import type { Span } from "../text/span";
import { editsAt } from "./entryFixes";
import { mayBeHomeManager } from "./homeManager";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "setting-discarded",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A list is given as a default, and NixOS' own definition wins",
    why: `NixOS defines \`substituters\`, \`trusted-public-keys\` and \`trusted-users\` itself, at the ordinary priority, to add cache.nixos.org, its key
and root. \`mkDefault\` is weaker than that, so the whole list is dropped without a word. Lists of several modules are joined anyway: write it
plainly, or \`mkAfter\` to have it last.`,
    bad: ['{ lib, ... }: { nix.settings.substituters = lib.mkDefault [ "https://cache.example.org" ]; }'],
    good: ['{ lib, ... }: { nix.settings.substituters = lib.mkAfter [ "https://cache.example.org" ]; }'],
  },
};

export const settingDiscarded: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.settings) {
      const { wrapper, level } = fact.priority;
      const isOption = fact.surface === "option" || fact.surface === "legacy-option";
      if (!isOption || fact.extra || wrapper === undefined || level <= ORDINARY.level) continue;
      const own = findOwnDefinition(["nix", "settings", fact.name]);
      // Home Manager has no definition of its own
      if (own === undefined || mayBeHomeManager(ctx, fact.nameSpan)) continue;
      report({
        span: wrapperSpan(ctx, wrapper.span),
        message: `${wrapper.name} is weaker than NixOS' own definition of nix.settings.${fact.name}${whereClause(fact.conditions)}: this list is dropped, that one stays: ${own.items.join(" ")}`,
        fixes: withoutWrapper(ctx, fact),
      });
    }
  },
};

/** The function alone: what evaluation found may span its argument too. */
function wrapperSpan(ctx: FileContext, span: Span): Span {
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
  const name = /^[\w.]*\bmk\w+/.exec(typed)?.[0];
  return name === undefined ? span : { ...span, end: span.start + name.length };
}

function withoutWrapper(ctx: FileContext, { priority, value }: SettingFact): readonly Fix[] {
  const span = priority.wrapper === undefined ? undefined : wrapperSpan(ctx, priority.wrapper.span);
  const text = span === undefined ? undefined : ctx.textOf(span.path);
  if (span === undefined || text === undefined) return [];
  const typed = text.slice(span.start, span.end);
  // With a level between (`mkOverride 900`), or somewhere else, what to take out is not known.
  if (!/^(lib\.)?(modules\.)?mk(Option)?Default$/.test(typed) || value.span.path !== span.path) return [];
  // around a whole set it makes the others in it weaker too, perhaps on purpose
  const aroundSet = text.slice(span.end, value.span.start).includes("{");
  const blanks = /^\s*/.exec(text.slice(span.end))?.[0].length ?? 0;
  return [
    {
      title: `Remove ${priority.wrapper?.name ?? "mkDefault"}`,
      safety: aroundSet ? "review" : "safe",
      edits: editsAt({ ...span, end: span.end + blanks }, ""),
    },
  ];
}
