// Everything a review says about one host: gathered from the host, from the store here, and from what was noted before.

import type { App } from "../../app";
import { healthCommandFor } from "../../config";
import { t } from "../../l10n";
import { type ClosurePath, diffClosures, type PackageChange } from "../../state/closureDiff";
import { readWorkTree, type WorkTree } from "../../state/workTree";
import type { LockHolder } from "../lock";
import { changesHost, type HostPlan } from "../plan";
import { askSystem } from "../verify";
import { foretellUnits } from "./foretell";
import { type HostState, inspectHost } from "./inspect";
import { localClosure, localParts } from "./newSystem";
import { lackingOf, type Transfer, transferOf } from "./transfer";
import type { UnitChanges } from "./units";

export interface HostReview {
  readonly plan: HostPlan;
  /** Store paths; undefined where not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The commit of what runs, where it is known. */
  readonly fromCommit: string | undefined;
  readonly tree: WorkTree;
  /** Undefined where it can't be told; `gaps` says why. */
  readonly packages: readonly PackageChange[] | undefined;
  readonly transfer: Transfer | undefined;
  readonly units: UnitChanges | undefined;
  readonly reboot: boolean | undefined;
  /** Who holds the host's lock now. */
  readonly lockedBy?: LockHolder;
  /** Whether the generation that it has now was made by deploy-rs; absent where it was not asked. */
  readonly byDeployRs?: boolean;
  /** The command of the user that tells afterwards whether the host is well. */
  readonly health?: readonly string[] | undefined;
  /** It goes back when another host does not land. */
  readonly allOrNothing?: boolean;
  /** What could not be found out, and why. For people. */
  readonly gaps: readonly string[];
}

export type ReviewApp = Pick<App, "config"> & {
  readonly ports: Pick<App["ports"], "processes">;
  readonly state: Pick<App["state"], "observed" | "ledger">;
};

/** Never rejects for what a host does; what it does not tell is a gap. */
export async function reviewHost(
  app: ReviewApp,
  plan: HostPlan,
  after: string | undefined,
  signal: AbortSignal,
): Promise<HostReview> {
  const { processes } = app.ports;
  const treeRead = readWorkTree(processes, plan.root);
  const told =
    plan.action === "rollback"
      ? await rollbackFacts(app, plan, signal)
      : await facts(app, plan, after, signal);
  const before = told.before ?? knownSystem(app, plan.host);
  return {
    plan,
    after,
    packages: undefined,
    transfer: undefined,
    units: undefined,
    reboot: undefined,
    ...told,
    before,
    ...wishesFor(app, plan),
    fromCommit: await commitOf(app, plan.host, before),
    tree: await treeRead,
  };
}

/** What the user has set to happen besides, so that nothing runs that was not shown. */
function wishesFor({ config }: ReviewApp, plan: HostPlan): Pick<HostReview, "health" | "allOrNothing"> {
  const { deploy } = config.read();
  const { action, undo } = plan;
  return {
    health: action === "deploy" || action === "rollback" ? healthCommandFor(deploy, plan.host) : undefined,
    allOrNothing: deploy.allOrNothing && undo !== undefined && (action === "deploy" || action === "boot"),
  };
}

type Told = Partial<Omit<HostReview, "plan" | "tree" | "fromCommit" | "before">> & {
  readonly before: string | undefined;
  readonly gaps: readonly string[];
};

/** A roll back goes to a system that only the host knows. */
async function rollbackFacts(app: ReviewApp, { connection }: HostPlan, signal: AbortSignal): Promise<Told> {
  if (connection === undefined) return { before: undefined, gaps: [noAddress()] };
  const answer = await askSystem(app.ports.processes, connection, signal);
  if (answer.kind === "failed") return { before: undefined, gaps: [answer.why] };
  const before = answer.system.current;
  if (answer.older === undefined) return { before, gaps: [t("it has no generation to go back to")] };
  return { before, after: answer.older.system, gaps: [] };
}

async function facts(
  app: ReviewApp,
  plan: HostPlan,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Told> {
  const { processes } = app.ports;
  const paths =
    after === undefined
      ? undefined
      : await localClosure(processes, app.config.read().tools.nix, after, signal);
  const here =
    after === undefined
      ? t("its system is known only when {0} builds it", plan.tool)
      : t("its system is not in the store here");
  const gaps = paths === undefined ? [here] : [];
  const { connection } = plan;
  if (connection === undefined)
    return { before: undefined, gaps: [...gaps, ...(changesHost(plan.action) ? [noAddress()] : [])] };
  const inspection = await inspectHost(processes, connection, paths ?? [], signal);
  if (inspection.kind === "failed") return { before: undefined, gaps: [...gaps, inspection.why] };
  const { state } = inspection;
  const parts = paths === undefined || after === undefined ? undefined : await localParts(after);
  const lacking = paths === undefined ? undefined : lackingOf(paths, state);
  const [transfer, units] = await Promise.all([
    lacking === undefined ? undefined : transferOf(processes, connection, lacking, state, signal),
    foretellUnits(processes, plan, after, { state, parts, complete: lacking?.length === 0 }, signal),
  ]);
  return {
    before: state.current,
    gaps: [
      ...gaps,
      ...(state.closure === undefined && state.current !== undefined
        ? [t("its Nix does not tell what runs there")]
        : []),
    ],
    packages: paths === undefined ? undefined : packagesOf(paths, state),
    transfer,
    units,
    reboot: parts === undefined ? undefined : differs(state.system.boot, parts.boot),
    byDeployRs: state.byDeployRs,
  };
}

function packagesOf(
  after: readonly ClosurePath[],
  { closure, current }: HostState,
): readonly PackageChange[] | undefined {
  // a host without a system has nothing yet
  const before = closure ?? (current === undefined ? [] : undefined);
  if (before === undefined) return undefined;
  const old = new Set(before.map(({ storePath }) => storePath));
  const fresh = new Set(after.map(({ storePath }) => storePath));
  return diffClosures(
    before.filter(({ storePath }) => !fresh.has(storePath)),
    after.filter(({ storePath }) => !old.has(storePath)),
  );
}

/** Undefined where one side does not tell. */
function differs(
  booted: ReadonlyMap<string, string>,
  fresh: ReadonlyMap<string, string>,
): boolean | undefined {
  const known = [...fresh].filter(([part]) => booted.has(part));
  return known.length === 0 ? undefined : known.some(([part, target]) => booted.get(part) !== target);
}

function knownSystem(app: ReviewApp, host: string): string | undefined {
  const answer = app.state.observed.get(host)?.answer;
  return answer?.kind === "reached" ? answer.system.current : undefined;
}

/** By the host's own word, or by the history of what was deployed from here. */
async function commitOf(
  app: ReviewApp,
  host: string,
  system: string | undefined,
): Promise<string | undefined> {
  if (system === undefined) return undefined;
  const facts = app.state.observed.get(host)?.told?.facts;
  if (facts?.currentSystem === system && facts.configurationRevision !== undefined)
    return facts.configurationRevision;
  const { entries } = await app.state.ledger.load();
  const entry = entries.find(({ newSystem, action }) => newSystem === system && action !== "rollback");
  if (entry === undefined || entry.commit === null) return undefined;
  return entry.dirty === true ? t("{0} with changes", entry.commit.slice(0, 12)) : entry.commit;
}

function noAddress(): string {
  return t("its address is not known by reading, so it can't be asked");
}
