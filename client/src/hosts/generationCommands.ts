// The commands on generations: compare two, or take a host to one.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { formatAge } from "../state/amounts";
import { requireTarget } from "../state/hostAddress";
import { type Generation, type HostFacts, runningGeneration } from "../state/hostFacts";
import type { GenerationOrHost } from "../subject";
import { CancelledError, NothingToDo, orCancel, UserError } from "../userError";
import { compareScript, comparisonDocument, newMark, parseComparison } from "./compare";
import { chosenHosts, type HostsApp } from "./hostCommands";
import type { Probing } from "./probing";
import { type RevertEnd, runRevert } from "./revert";

interface Chosen {
  readonly host: HostSnapshot;
  readonly facts: HostFacts;
  /** Those that the command was called with. */
  readonly generations: readonly Generation[];
}

/** Shows in which packages two generations differ: the two chosen ones, or the chosen one and what runs. */
export async function compareGenerations(
  app: HostsApp,
  probing: Probing,
  subjects: readonly GenerationOrHost[] | undefined,
): Promise<void> {
  const chosen = await choose(app, probing, subjects, t("Compare Generations"));
  const [before, after] = await pair(app, chosen);
  const { host } = chosen;
  const mark = newMark();
  const script = compareScript(mark, before.storePath, after.storePath);
  const title = t("Comparing generations {0} and {1} of {2}", before.number, after.number, host.name);
  const outcome = await app.ui.withProgress(title, ({ signal }) =>
    app.ports.ssh.run(requireTarget(host), script, { signal, runTimeoutMs: 120_000, maxBytes: 16 << 20 }),
  );
  if (outcome.kind === "failed") {
    if (outcome.failure.kind === "cancelled") throw new CancelledError();
    throw new UserError(outcome.failure.message);
  }
  const comparison = parseComparison(outcome.stdout, mark);
  if (comparison.kind === "failed")
    throw new UserError(t("{0} can't compare these generations: {1}", host.name, comparison.why));
  await app.ui.showText(comparisonDocument(host, before, after, comparison.changes));
}

/** Takes a host to a generation, after a question that names both. */
export async function switchGeneration(
  app: HostsApp,
  probing: Probing,
  subjects: readonly GenerationOrHost[] | undefined,
): Promise<void> {
  const chosen = await choose(app, probing, subjects, t("Revert to Generation"));
  const { host, facts } = chosen;
  const target = requireTarget(host);
  if (chosen.generations.length > 1)
    throw new UserError(
      t("A host can be taken to one generation only; {0} are selected.", chosen.generations.length),
    );
  const generation = chosen.generations[0] ?? (await pickGeneration(app, chosen, t("Revert to Generation")));
  if (generation.storePath === facts.currentSystem && generation.number === facts.profileGeneration)
    throw new NothingToDo(t("{0} runs generation {1} already.", host.name, generation.number));
  if (!facts.login.isRoot && facts.login.sudoWithoutPassword !== true)
    throw new UserError(
      t("{0} may not change systems on {1}: sudo asks for a password there.", facts.login.user, host.name),
    );
  if (!(await app.ui.confirm(revertQuestion(host, facts, generation)))) throw new CancelledError();
  const title = t("Reverting {0} to generation {1}", host.name, generation.number);
  const end = await app.ui.withProgress(title, ({ signal }) =>
    runRevert(app, { host, target, facts, generation, signal, askAgain: () => probing.askAgain(host.name) }),
  );
  if (end === undefined) throw new UserError(t("Another deployment to {0} is still running.", host.name));
  showEnd(app, host, end);
}

function revertQuestion(host: HostSnapshot, facts: HostFacts, generation: Generation) {
  const now = runningGeneration(facts);
  const lines = [
    now === undefined
      ? t("It runs {0} now.", facts.currentSystem ?? t("nothing known"))
      : t("It runs {0} now.", named(now, facts)),
    t("It will run {0}, now and after the next boot.", named(generation, facts)),
    "",
    `nix-env --profile /nix/var/nix/profiles/system --switch-generation ${String(generation.number)}`,
    "/nix/var/nix/profiles/system/bin/switch-to-configuration switch",
  ];
  return {
    message: t("Revert {0} to generation {1}?", host.name, generation.number),
    detail: lines.join("\n"),
    verb: t("Revert"),
  };
}

function named(generation: Generation, facts: HostFacts): string {
  const age = generation.date === undefined ? undefined : formatAge(facts.clock - generation.date);
  const details = [generation.version, age].filter(part => part !== undefined).join(", ");
  const name = t("generation {0}", generation.number);
  return details === "" ? name : `${name} (${details})`;
}

function showEnd(app: HostsApp, host: HostSnapshot, end: RevertEnd): void {
  const message = `${host.name}: ${end.why}`;
  if (end.outcome === "landed" && end.clean) void app.ui.showInfo(message);
  else if (end.outcome === "landed") void app.ui.showWarning(message);
  else void app.ui.showError(message);
}

async function choose(
  app: HostsApp,
  probing: Probing,
  subjects: readonly GenerationOrHost[] | undefined,
  title: string,
): Promise<Chosen> {
  const names = subjects?.map(subject => (subject.kind === "host" ? subject.name : subject.host));
  const hosts = await chosenHosts(app, names === undefined ? undefined : [...new Set(names)], title);
  const [host] = hosts;
  if (host === undefined || hosts.length > 1)
    throw new UserError(t("Generations of different hosts can't be compared or switched together."));
  const facts = await factsOf(app, probing, host);
  const numbers = subjects?.flatMap(subject => (subject.kind === "generation" ? [subject.number] : [])) ?? [];
  const generations = numbers.map(number => {
    const generation = facts.generations.find(candidate => candidate.number === number);
    if (generation === undefined) throw new UserError(t("{0} has no generation {1}.", host.name, number));
    return generation;
  });
  return { host, facts, generations };
}

/** What the host told; it is asked now if it never was. */
async function factsOf(app: HostsApp, probing: Probing, host: HostSnapshot): Promise<HostFacts> {
  requireTarget(host);
  const known = app.state.observed.get(host.name)?.told?.facts;
  if (known !== undefined) return known;
  await app.ui.withProgress(t("Asking {0}", host.name), ({ signal }) => probing.ask([host.name], { signal }));
  const observation = app.state.observed.get(host.name);
  if (observation?.told !== undefined) return observation.told.facts;
  throw new UserError(
    observation?.answer.kind === "failed" ? observation.answer.why : t("{0} was not asked.", host.name),
  );
}

/** Older first. */
async function pair(app: HostsApp, chosen: Chosen): Promise<readonly [Generation, Generation]> {
  const { facts, generations, host } = chosen;
  if (facts.generations.length < 2)
    throw new NothingToDo(t("{0} has no two generations to compare.", host.name));
  const running = runningGeneration(facts);
  let [one, other] = generations;
  if (generations.length > 2)
    throw new UserError(t("Two generations can be compared; {0} are selected.", generations.length));
  one ??= await pickGeneration(app, chosen, t("Compare which generation?"));
  if (other === undefined && running !== undefined && running.number !== one.number) other = running;
  const left = {
    ...chosen,
    facts: { ...facts, generations: facts.generations.filter(item => item !== one) },
  };
  other ??= await pickGeneration(app, left, t("Compare generation {0} with which?", one.number));
  return one.number < other.number ? [one, other] : [other, one];
}

async function pickGeneration(app: HostsApp, { host, facts }: Chosen, title: string): Promise<Generation> {
  if (facts.generations.length === 0) throw new UserError(t("{0} has no generations.", host.name));
  const running = runningGeneration(facts);
  const items = facts.generations.map(generation => ({
    value: generation,
    label: t("Generation {0}", generation.number),
    description: [
      generation.number === running?.number ? t("running") : undefined,
      generation.version,
      generation.kernel === undefined ? undefined : t("Linux {0}", generation.kernel),
      generation.date === undefined ? undefined : formatAge(facts.clock - generation.date),
    ]
      .filter(part => part !== undefined)
      .join(" · "),
  }));
  return orCancel(await app.ui.pickOne(items, { title }));
}
