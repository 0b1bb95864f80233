// deploy-activate-argument: an activate function of deploy-rs applied to something that it cannot activate.

import type { ActivationArgument, ProfileActivation } from "../fleet/fleet";
import { partOfCall, sourceAt } from "./activationSource";
import { deployNodes } from "./deployLevels";
import { editsAt } from "./entryFixes";
import { nodeFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-activate-argument",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An `activate` function of deploy-rs gets something that it cannot activate",
    why: `\`activate.nixos\` and \`activate.darwin\` take the result of \`nixosSystem\` or \`darwinSystem\` and select
\`config.system.build.toplevel\` themselves, so a toplevel, and the \`config\` alone, end in
\`attribute 'config' missing\`. \`activate.home-manager\` takes a
home-manager configuration; \`custom\` and \`noop\` take a derivation.`,
    bad: [
      nodeFlake("", {
        path: "deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web.config.system.build.toplevel",
      }),
    ],
    good: [nodeFlake("")],
  },
};

export const deployActivateArgument: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const { host } of deployNodes(ctx.fleet)) {
      for (const { activation } of host.profiles) {
        const wrong = activation === undefined ? undefined : mismatch(activation);
        if (activation === undefined || wrong === undefined) continue;
        found.push({
          span: partOfCall(ctx, activation.span, /\b(activate\.[\w-]+)/),
          host,
          before: `activate.${activation.kind} is given ${wrong}, but takes ${TAKES[activation.kind] ?? "another"}: `,
          after: " cannot be deployed",
          fixes: fixesOf(ctx, activation),
        });
      }
    }
    reportForHosts(found, report);
  },
};

const TAKES: Partial<Record<ProfileActivation["kind"], string>> = {
  nixos: "the result of nixosSystem",
  darwin: "the result of darwinSystem",
  "home-manager": "the result of homeManagerConfiguration",
  custom: "a derivation",
  noop: "a derivation",
  setActivate: "a derivation",
};

const WORDS: Readonly<Record<ActivationArgument["kind"], string | undefined>> = {
  nixos: "a NixOS configuration",
  darwin: "a nix-darwin configuration",
  "home-manager": "a home-manager configuration",
  config: "only the config of a configuration",
  toplevel: "a built system",
  activationPackage: "a built home-manager generation",
  text: "a string",
  other: undefined,
  unknown: undefined,
};

/** What it is given; undefined where that is, or may be, right. */
function mismatch({ kind, argument }: ProfileActivation): string | undefined {
  const given = WORDS[argument.kind];
  if (given === undefined || argument.kind === kind || TAKES[kind] === undefined) return undefined;
  const takesDerivation = kind === "custom" || kind === "noop" || kind === "setActivate";
  const isBuilt = ["toplevel", "activationPackage", "text"].includes(argument.kind);
  return takesDerivation && isBuilt ? undefined : given;
}

/** What is selected of a configuration and must not be. */
const SURPLUS: Partial<Record<ActivationArgument["kind"], string>> = {
  config: ".config",
  toplevel: ".config.system.build.toplevel",
  activationPackage: ".activationPackage",
};

function fixesOf(ctx: FleetContext, { kind, argument, span }: ProfileActivation): readonly Fix[] {
  const source = sourceAt(ctx, span);
  if (source === undefined) return [];
  const surplus = SURPLUS[argument.kind];
  if (surplus !== undefined) {
    const at = source.lastIndexOf(surplus);
    const isLast = /^[\s)]*$/.test(source.slice(at + surplus.length));
    const takers = argument.kind === "activationPackage" ? ["home-manager"] : ["nixos", "darwin"];
    if (at < 0 || !isLast || !takers.includes(kind)) return [];
    const cut = { ...span, start: span.start + at, end: span.start + at + surplus.length };
    return [{ title: `Remove ${surplus}`, safety: "review", edits: editsAt(cut, "") }];
  }
  const called = new RegExp(`\\bactivate\\.${kind}(?=[\\s(])`).exec(source);
  const wanted = argument.kind;
  if (called === null || (wanted !== "nixos" && wanted !== "darwin" && wanted !== "home-manager")) return [];
  const start = span.start + called.index;
  const edits = editsAt({ ...span, start, end: start + called[0].length }, `activate.${wanted}`);
  return [{ title: `Use activate.${wanted}`, safety: "review", edits }];
}
