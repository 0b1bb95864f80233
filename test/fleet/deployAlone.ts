// An operator in a process of its own, which a test may kill in the middle: `node deployAlone.mjs FLAKE FOLDER ACTION HOST`.
import { takeLock } from "../../client/src/deploy/lock";
import type { DeployAction } from "../../client/src/deploy/tools/adapter";
import { createOperator } from "./operator";

const [root = "", folder = "", action = "", host = ""] = process.argv.slice(2);
const operator = await createOperator(root, [host], folder);
await operator.run(action as DeployAction, [host], {
  onEvent: event => event.kind === "phase" && process.stdout.write(`${event.phase}\n`),
  hooks: { lock: (plan, signal, token) => takeLock(operator.app, plan, signal, () => undefined, token) },
  settings: JSON.parse(process.env["SETTINGS"] ?? "{}"),
});
