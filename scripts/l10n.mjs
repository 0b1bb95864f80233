// npm run generate part: collects the texts of every t("…") call of the client into l10n/bundle.l10n.json, which
// translators copy. `collectTexts` is also what the test compares with the committed file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const bundleFile = path.join(root, "l10n/bundle.l10n.json");

/** Where text for people goes: these calls take it, and these fields hold it. */
const showing =
  /^(UserError|NothingToDo|showInfo|showWarning|showError|withProgress|note|failed|failure|trouble)$/;
const shown = /^(title|prompt|placeholder|label|description|heading|message|detail|verb|tooltip|text|why)$/;
/** Answers to language models are in one language, and so are comments in files that are written. */
const inEnglish = /^client\/src\/(languageModel\/|workflow\/workflow\.ts|deploy\/planPreview\.ts)/;

/** The bundle's text, the calls whose first argument is no literal, and texts for people that no call translates. */
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
      const name = path.relative(root, file);
      if (!inEnglish.test(name))
        wrong.push(...untranslated(node).map(text => `${name}: not translated: ${text}`));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const entries = [...texts].sort().map(text => [text, text]);
  return { bundle: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, wrong };
}

/** Literals of several words that a call or a field shows as they are. */
function untranslated(node) {
  const values = [];
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
    if (showing.test(callee.getText())) values.push(...(node.arguments ?? []));
  }
  if (ts.isPropertyAssignment(node) && shown.test(node.name.getText())) values.push(node.initializer);
  return values.filter(isProse).map(value => value.getText());
}

function isProse(node) {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false;
  const words = ts.isStringLiteralLike(node)
    ? node.text
    : [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
  const command = /^nix [a-z-]+$/;
  return /[a-z]{2,} [a-z]{2,}/.test(words) && !words.includes("\n") && !command.test(words);
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map(name => path.join(folder, name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(bundleFile, collectTexts().bundle);
