// npm run generate part: collects the texts of every t("…") call of the client into l10n/bundle.l10n.json, which
// translators copy. `collectTexts` is also what the test compares with the committed file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const bundleFile = path.join(root, "l10n/bundle.l10n.json");

/** The bundle's text, and the calls whose first argument is no literal. */
export function collectTexts() {
  const texts = new Set();
  const wrong = [];
  for (const file of sources(path.join(root, "client/src"))) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    const visit = node => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "t") {
        const [first] = node.arguments;
        if (first !== undefined && ts.isStringLiteralLike(first)) texts.add(first.text);
        else wrong.push(`${path.relative(root, file)}: ${node.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const entries = [...texts].sort().map(text => [text, text]);
  return { bundle: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, wrong };
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map(name => path.join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(bundleFile, collectTexts().bundle);
