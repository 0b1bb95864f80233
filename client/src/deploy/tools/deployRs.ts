// deploy-rs: one run of `deploy` per host, so that hosts run side by side and none is rolled back for another's sake.

import { type DeployTarget, flakeAttribute, systemReference } from "../../configuration/project";
import { t } from "../../l10n";
import { sshOptionWords } from "../../state/hostAddress";
import { UserError } from "../../userError";
import { withoutColours } from "../colours";
import { nixSshOptions } from "../sshOptions";
import type { LocalStep, Phase, Step } from "../step";
import type { DeployAction, PlanContext, ToolAdapter } from "./adapter";
import { rollbackSteps } from "./hostSteps";
import { buildSystem, checkFlake, prepareSystem } from "./nix";
import { switchPhase } from "./outputLines";

export const deployRs: ToolAdapter = {
  id: "deploy-rs",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "plain", rollback: "plain" },
  guard: ({ host }) => (host.profiles.some(({ magicRollback }) => magicRollback === false) ? "none" : "own"),
  handles: target => target.project === "flake" && target.host.tools.includes("deploy-rs"),
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    if (action === "build") return buildProfiles(target, context);
    const reference = systemReference(target);
    const evaluate = reference === undefined ? [] : [prepareSystem(target, reference, context, "deploy-rs")];
    return [...evaluate, deployStep(target, action, context)];
  },
  phaseOf,
  reasonOf: line => ERROR.exec(withoutColours(line))?.[1],
};

/** deploy-rs has no verb that only builds; its profiles are ordinary attributes. */
function buildProfiles(target: DeployTarget, context: PlanContext): readonly Step[] {
  const { host } = target;
  if (host.profiles.length === 0) throw new UserError(t("No profile of {0} is known by reading.", host.name));
  return host.profiles.map(profile => {
    const path = `deploy.nodes.${flakeAttribute(host.name)}.profiles.${flakeAttribute(profile.name)}.path`;
    return { ...buildSystem(target, `.#${path}`, context), printsSystem: false };
  });
}

function deployStep(
  target: DeployTarget,
  action: Exclude<DeployAction, "build" | "rollback">,
  context: PlanContext,
): LocalStep {
  for (const option of NEEDED[action]) requireOption(option, context);
  const mode = { deploy: [], boot: ["--boot"], "dry-activate": ["--dry-activate"] }[action];
  // with several profiles, a failing dry or boot run would really roll back the earlier ones
  const keep = action === "deploy" ? [] : ["--rollback-succeeded", "false"];
  // it takes the place of the node's own sshOpts
  const ssh =
    context.sshConfigFile === undefined
      ? []
      : [
          "--ssh-opts",
          nixSshOptions(context.sshConfigFile, context.ownSshOptions, sshOptionWords(target.host)),
        ];
  return {
    where: "here",
    phase: "check",
    command: context.tools.deploy,
    args: [`.#${flakeAttribute(target.host.name)}`, ...mode, ...keep, ...remoteBuild(context), ...ssh],
    cwd: target.host.root,
    env: {},
    printsSystem: false,
    prepares: false,
    ownCheck: { step: checkFlake(target, context), without: ["--skip-checks"] },
    ...(target.host.profiles.some(({ interactiveSudo }) => interactiveSudo === true) ? { asks: true } : {}),
  };
}

const NEEDED = {
  deploy: [],
  boot: ["--boot", "--rollback-succeeded"],
  "dry-activate": ["--dry-activate", "--rollback-succeeded"],
} as const;

function requireOption(option: string, { deployRsOptions }: PlanContext): void {
  if (deployRsOptions === undefined || deployRsOptions.has(option)) return;
  throw new UserError(
    t(
      "The installed deploy-rs does not know {0}. A newer one is needed: `nix profile install nixpkgs#deploy-rs`.",
      option,
    ),
  );
}

function remoteBuild(context: PlanContext): readonly string[] {
  if (context.buildOn === "here") return [];
  if (context.buildOn !== "target")
    throw new UserError(t("{0} can't build on another machine than the host.", "deploy-rs"));
  requireOption("--remote-build", context);
  return ["--remote-build"];
}

/** The options that a help text names. */
export function optionsIn(help: string): ReadonlySet<string> {
  return new Set(help.match(/--[a-z][a-z-]*/g) ?? []);
}

const ERROR = /\[(?:deploy|activate|wait|revoke)\] \[ERROR\] (.+)$/;

const LINES: readonly (readonly [RegExp, Phase])[] = [
  [/Running checks for flake/, "check"],
  [/Evaluating flake in/, "evaluate"],
  [/Building profile `/, "build"],
  [/Copying profile `/, "copy"],
  [/Activating profile `/, "activate"],
  // the program that waits from the start says so before anything is activated
  [/attempting to confirm activation|\[activate\].*Waiting for confirmation/, "confirm"],
];

function phaseOf(line: string): Phase | undefined {
  return LINES.find(([pattern]) => pattern.test(line))?.[1] ?? switchPhase(line);
}
