// `npm run new-rule CODE`: writes the frame of a rule and its test, and lists it in rules/index.ts.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./loadRules.mjs";

const [code] = process.argv.slice(2);
if (code === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(code)) {
  console.error("usage: npm run new-rule CODE, where CODE is kebab-case and names the bad thing");
  process.exit(2);
}
const folder = path.join(root, "server/src/core/rules");
const file = path.join(folder, `${code}.ts`);
if (existsSync(file)) {
  console.error(`${code} is a rule already`);
  process.exit(2);
}
const name = code.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

writeFileSync(
  file,
  `// ${code}: say in one line what is wrong.

import { settingEntries } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "${code}",
  category: "settings",
  severity: "warning",
  since: "${JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version}",
  fix: "none",
  docs: {
    summary: "",
    why: "",
    bad: [],
    good: [],
  },
};

export const ${name}: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, "")) {
      report({ span: entry.datum.span, message: entry.datum.text });
    }
  },
};
`,
);
writeFileSync(
  path.join(folder, `${code}.test.ts`),
  `// ${code} and its fixes.

import { test } from "vitest";
import { checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "${code}";

test("", () => {
  checkDiagnostics(CODE, nix\`
{ }
\`);
});
`,
);

const index = path.join(folder, "index.ts");
const lines = readFileSync(index, "utf8").split("\n");
insertSorted(lines, `import { ${name} } from "./${code}";`, /^import \{ \w+ \} from "\.\/[a-z0-9]+-/);
insertSorted(lines, `  ${name},`, /^ {2}\w+,$/);
writeFileSync(index, lines.join("\n"));
console.log(`fill in ${path.relative(root, file)} and its test, then npm run generate`);

/** Puts a line before the first of its kind that sorts behind it, else after the last. */
function insertSorted(lines, line, kind) {
  const own = lines.map((text, at) => ({ text, at })).filter(({ text }) => kind.test(text));
  const next = own.find(({ text }) => text > line);
  lines.splice(next?.at ?? (own.at(-1)?.at ?? 0) + 1, 0, line);
}
