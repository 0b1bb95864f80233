// setting-twice: two assignments of one setting, of which one counts.

import type { ConfFact, SettingFact } from "../facts/facts";
import { settingsOfConf } from "../facts/settingFacts";
import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { settingsOfHost } from "./effectiveSettings";
import { editsAt } from "./entryFixes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { insertItem } from "./insertions";
import { entriesOf } from "./listEntries";
import { isListLiteral } from "./nixTokens";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "setting-twice",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A setting is assigned twice, and only one assignment counts",
    why: `In nix.conf the last line of a name wins, lists included. NixOS writes \`nix.settings\` first and \`nix.extraOptions\` behind it, so a line there
silently replaces what all modules together made of the option. An \`extra-\` line adds to what its list is at that line: before the base line it
is lost.

Keep one place, best \`nix.settings\`, where lists of several modules are joined.`,
    bad: [
      { "nix.conf": "cores = 2\ncores = 4" },
      '{ nix.settings.cores = 2; nix.extraOptions = "cores = 4"; }',
    ],
    good: [
      { "nix.conf": "substituters = https://a.example.org\nextra-substituters = https://b.example.org" },
      '{ nix.settings.cores = 2; nix.extraOptions = "fallback = true"; }',
    ],
  },
};

export const settingTwice: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const conf of ctx.facts.confs) checkText(conf, report);
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host => {
      const { facts } = settingsOfHost(host);
      return facts
        .filter(fact => fact.surface === "option-text" && !fact.extra && fact.conditions.length === 0)
        .flatMap((line): HostFinding[] => {
          const option = facts.find(
            fact =>
              (fact.surface === "option" || fact.surface === "legacy-option") &&
              fact.name === line.name &&
              !fact.extra &&
              fact.conditions.length === 0 &&
              !saysTheSame(fact, line),
          );
          if (option === undefined) return [];
          return [
            {
              span: line.nameSpan,
              host,
              before: `this line replaces all of nix.settings.${line.name} on `,
              after: ", because nix.extraOptions stands last in nix.conf",
              related: [{ span: option.nameSpan, message: "what has no effect any more" }],
              fixes: moveToOption(ctx, option, line),
            },
          ];
        });
    });
    const joined = ctx.fleet.hosts.flatMap(host => twoTexts(ctx, host));
    reportForHosts([...found, ...joined], report);
  },
};

/** Lines of several definitions of nix.extraOptions, which are joined to one text. */
function twoTexts({ textOf }: Pick<FileContext, "textOf">, host: Host): readonly HostFinding[] {
  const lines = settingsOfHost(host).facts.filter(
    fact => fact.surface === "option-text" && !fact.extra && fact.conditions.length === 0,
  );
  const level = Math.min(...lines.map(({ priority }) => priority.level));
  const counting = lines.filter(({ priority }) => priority.level === level);
  return counting.flatMap((line, i): HostFinding[] => {
    const other = counting.slice(0, i).find(each => each.name === line.name && !saysTheSame(each, line));
    if (other === undefined || isSameText(textOf(line.span.path), other.span, line.span)) return [];
    return [
      {
        span: line.nameSpan,
        host,
        before: `nix.extraOptions sets ${line.name} in two definitions on `,
        after: ": their texts are joined, and the last line wins",
        related: [{ span: other.nameSpan, message: "the other line" }],
      },
    ];
  });
}

/** Whether no string ends between two lines. */
function isSameText(text: string | undefined, a: Span, b: Span): boolean {
  if (text === undefined || a.path !== b.path) return false;
  return !/''|"\s*[;)\]+]/.test(text.slice(Math.min(a.end, b.end), Math.max(a.start, b.start)));
}

function checkText(conf: ConfFact, report: Report): void {
  const lines = settingsOfConf(conf);
  lines.forEach((line, i) => {
    const later = lines.slice(i + 1).find(other => other.name === line.name && !other.extra);
    if (later === undefined) return;
    const what = line.extra ? "adds to what the list was before" : "has no effect";
    report({
      span: line.nameSpan,
      message: `this ${line.written} ${what}: a later line sets ${line.name} again, and the last one wins`,
      related: [{ span: later.nameSpan, message: "the line that counts" }],
    });
  });
}

/** The same list in any order, or the same scalar: then nothing is lost. */
function saysTheSame(option: SettingFact, line: SettingFact): boolean {
  const [a, b] = [textOf(option), textOf(line)];
  return a === undefined || b === undefined || a === b;
}

/** Undefined where a part is not known. */
function textOf(fact: SettingFact): string | undefined {
  const { value } = fact;
  if (value.kind === "list") {
    const entries = entriesOf(fact).map(({ datum }) => datum.text);
    const known = value.complete && entries.length === value.items.length;
    return known && !entries.join("").includes("\uFFFC") ? [...new Set(entries)].sort().join(" ") : undefined;
  }
  if (value.kind === "scalar") return String(value.value ?? "");
  return value.kind === "text" && !value.text.includes("\uFFFC") ? value.text.trim() : undefined;
}

/** The line goes, and the option says what it said. */
function moveToOption(
  ctx: Pick<FileContext, "textOf">,
  option: SettingFact,
  line: SettingFact,
): readonly Fix[] {
  const value = line.value.kind === "text" ? line.value.text.trim() : undefined;
  const text = ctx.textOf(line.span.path);
  const typed = ctx.textOf(option.value.span.path)?.slice(option.value.span.start, option.value.span.end);
  const gone = text === undefined ? undefined : wholeLine(text, line.span);
  if (gone === undefined || typed === undefined || option.surface !== "option") return [];
  let changed: EditsByPath | undefined;
  if (line.value.kind === "list" && line.value.complete && isListLiteral(typed)) {
    const there = new Set(entriesOf(option).map(({ datum }) => datum.text));
    const missing = entriesOf(line)
      .map(({ datum }) => datum.text)
      .filter(item => !there.has(item));
    changed =
      missing.length === 0
        ? new Map()
        : insertItem(ctx, option.value.span, missing.map(item => `"${item}"`).join(" "));
  } else if (value !== undefined && /^(true|false|\d+)$/.test(value) && /^(true|false|\d+)$/.test(typed)) {
    changed = editsAt(option.value.span, value);
  }
  if (changed === undefined) return [];
  const edits = new Map(changed);
  edits.set(line.span.path, [
    ...(edits.get(line.span.path) ?? []),
    { start: gone.start, end: gone.end, newText: "" },
  ]);
  return [{ title: `Move it into nix.settings.${line.name}`, safety: "review", edits }];
}

/** The line with its line break, where nothing else stands on it. */
function wholeLine(text: string, span: Span): Span | undefined {
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = text.indexOf("\n", span.end);
  const alone = end >= 0 && text.slice(start, end).trim() === text.slice(span.start, span.end).trim();
  return alone ? { path: span.path, start, end: end + 1 } : undefined;
}
