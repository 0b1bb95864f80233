// Entry of the suite that runs inside the extension host: of the workbench in the browser and of VS Code desktop alike.
// Writes a report; the runner demands it, because an extension host that dies also reports success.
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

interface Result {
  readonly title: string;
  readonly state: "passed" | "failed" | "pending";
  readonly error?: string;
}

/** Called by VS Code. Rejects when a test failed or none ran. */
export async function run(): Promise<void> {
  const report = process.env["EDITOR_TEST_REPORT"];
  const grep = process.env["EDITOR_TEST_GREP"];
  const mocha = new Mocha({
    ui: "tdd",
    color: false,
    timeout: 30_000,
    reporter: "spec",
    ...(grep ? { grep } : {}),
  });
  // the host's console reaches nobody, so the lines go beside the report
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => {
    console.log(...parts);
    if (report) appendFileSync(`${report}.log`, `${format(...parts)}\n`);
  };
  for (const file of readdirSync(__dirname).sort())
    if (file.endsWith(".test.js")) mocha.addFile(path.join(__dirname, file));
  const results = await runAll(mocha);
  const failures = results.filter(result => result.state === "failed").length;
  if (report) writeFileSync(report, JSON.stringify({ complete: true, results }, null, 1));
  if (results.length === 0) throw new Error("no test was run");
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

function runAll(mocha: Mocha): Promise<Result[]> {
  const results: Result[] = [];
  return new Promise(resolve => {
    const runner = mocha.run(() => resolve(results));
    runner.on("pass", test => results.push({ title: test.fullTitle(), state: "passed" }));
    runner.on("pending", test => results.push({ title: test.fullTitle(), state: "pending" }));
    runner.on("fail", (test, error: Error) =>
      results.push({ title: test.fullTitle(), state: "failed", error: error.stack ?? String(error) }),
    );
  });
}
