import { expect, test } from "vitest";
import { answeringHost } from "../../../test/harness/answeringHost";
import { hostOf } from "../../../test/harness/snapshots";
import { createHostShell } from "../remote/hostShell";
import type { RotationFacts } from "./rotationFacts";
import { newKey, oldSecret } from "./rotationKeys";
import type { RotationPorts } from "./rotationStep";

const FACTS: RotationFacts = {
  oldKey: "stage-1:OLD",
  signer: "stage",
  newName: "stage-2",
  newFile: "/var/lib/nix-deploy/stage-2.secret",
  newKey: "stage-2:NEW",
  oldFile: "/var/lib/nix-deploy/stage-1.secret",
  served: [],
  clients: ["prod"],
  trusting: [],
  retired: [],
  made: true,
  changed: {},
};

/** A host that answers every script with these lines. */
function answering(...lines: readonly string[]): RotationPorts {
  return {
    shell: createHostShell(answeringHost(...lines)),
    findHost: name => hostOf({ name, hostname: `${name}.test`, sshUser: "root" }),
    change: async () => [],
    undoChange: async () => undefined,
    deploy: async () => undefined,
    confirm: async () => true,
  };
}

const never = new AbortController().signal;

test("what was not removed is not said to be removed", async () => {
  const undo = async (...lines: readonly string[]) => newKey.undo?.(FACTS, answering(...lines), never);
  expect(await undo("removed yes")).toMatchObject({ outcome: "undone", facts: { made: false } });
  const used = await undo("kept used");
  expect(used).toMatchObject({ outcome: "failed", facts: { made: true } });
  expect(used?.note).toContain("stage still signs with /var/lib/nix-deploy/stage-2.secret");
  expect(await undo("kept other")).toMatchObject({
    outcome: "undone",
    note: expect.stringContaining("another key"),
  });

  const end = async (...lines: readonly string[]) => oldSecret.run(FACTS, answering(...lines), never);
  expect(await end("removed yes")).toMatchObject({ outcome: "done" });
  expect(await end("kept used")).toMatchObject({ outcome: "failed" });
  expect((await end("kept absent")).note).toContain("is gone already");
});

test("why a key could not be made is said in words", async () => {
  const run = async (...lines: readonly string[]) => newKey.run(FACTS, answering(...lines), never);
  expect(await run("refused no-nix")).toMatchObject({ outcome: "failed", note: "There is no Nix on stage." });
  expect((await run("refused git")).note).toContain("inside a Git work tree");
});
