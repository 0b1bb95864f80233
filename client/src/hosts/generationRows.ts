// The generations of a host's system profile: what it could go back to.

import { t } from "../l10n";
import { formatAge, formatTime } from "../state/amounts";
import { type Generation, type HostFacts, runningGeneration } from "../state/hostFacts";
import { escapeMarkdown, type NodeIcon, type TreeNodeData, withLazyChildren } from "../treeNode";
import { infoRow } from "./rows";

/** @param id of the host's row */
export function generationsRow(id: string, host: string, facts: HostFacts): readonly TreeNodeData[] {
  if (facts.generations.length === 0) return [];
  const total = Math.max(facts.generationCount, facts.generations.length);
  const row = infoRow({
    id: `${id}:generations`,
    label: t("Generations"),
    description: String(total),
    icon: { id: "history" },
  });
  const left = total - facts.generations.length;
  const children = () => [
    ...facts.generations.map(generation => generationRow(id, host, generation, facts)),
    ...(left > 0
      ? [
          infoRow({
            id: `${id}:generations:older`,
            label: t("{0} older ones are not shown", left),
            icon: { id: "ellipsis" },
          }),
        ]
      : []),
  ];
  return [withLazyChildren(row, children)];
}

function generationRow(id: string, host: string, generation: Generation, facts: HostFacts): TreeNodeData {
  const { number, version, kernel, specialisations, date } = generation;
  const marks = marksOf(generation, facts);
  const age = date === undefined ? undefined : formatAge(facts.clock - date);
  const description = [
    ...marks,
    version,
    kernel === undefined ? undefined : t("Linux {0}", kernel),
    age,
    specialisations.length === 0 ? undefined : t("specialisations: {0}", specialisations.join(", ")),
  ]
    .filter(part => part !== undefined)
    .join(" · ");
  const label = t("Generation {0}", number);
  return {
    id: `${id}:generation:${number}`,
    label,
    description,
    tooltip: tooltip(generation, marks),
    icon: iconOf(generation, facts),
    contextValue: "generation",
    accessibilityLabel: t("{0} of {1}, {2}", label, host, description),
    subject: { kind: "generation", host, number },
  };
}

function marksOf(generation: Generation, facts: HostFacts): readonly string[] {
  const { storePath, number } = generation;
  const runs = number === runningGeneration(facts)?.number;
  const boots = number === facts.profileGeneration && storePath !== facts.currentSystem;
  return [
    ...(runs ? [t("running")] : []),
    ...(storePath === facts.bootedSystem && storePath !== facts.currentSystem ? [t("booted")] : []),
    ...(boots ? [t("next boot")] : []),
  ];
}

function iconOf(generation: Generation, facts: HostFacts): NodeIcon {
  if (generation.number === runningGeneration(facts)?.number)
    return { id: "circle-filled", color: "charts.green" };
  return { id: generation.number === facts.profileGeneration ? "debug-restart" : "circle-outline" };
}

function tooltip(generation: Generation, marks: readonly string[]): string {
  const { number, date, version, kernel, specialisations, storePath } = generation;
  const made = date === undefined ? undefined : formatTime(date * 1000);
  const lines = [
    `**${escapeMarkdown(t("Generation {0}", number))}** ${escapeMarkdown(marks.join(", "))}`,
    version === undefined ? undefined : escapeMarkdown(t("Version {0}", version)),
    kernel === undefined ? undefined : escapeMarkdown(t("Linux {0}", kernel)),
    made === undefined ? undefined : escapeMarkdown(t("Made {0}, by the host's clock", made)),
    specialisations.length === 0
      ? undefined
      : escapeMarkdown(t("Specialisations: {0}", specialisations.join(", "))),
    escapeMarkdown(storePath),
  ];
  return lines.filter(line => line !== undefined).join("\n\n");
}
