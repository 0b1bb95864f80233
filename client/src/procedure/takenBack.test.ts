import { expect, test } from "vitest";
import { hostOf } from "../../../test/harness/snapshots";
import type { HostsByName } from "../remote/askHost";
import { type Answers, readAnswers } from "../remote/fixedScript";
import { takenBack } from "./takenBack";

/** Hosts by what they say; those without a word do not answer. */
function fleet(says: Readonly<Record<string, string | undefined>>): HostsByName {
  return {
    findHost: name => (name in says ? hostOf({ name }) : undefined),
    shell: {
      asRoot: async ({ name }) => {
        const said = says[name];
        return said === undefined
          ? { kind: "failed", why: `${name} does not answer` }
          : { kind: "told", answers: readAnswers(`m asks ${said}\nm end`, "m") };
      },
    },
  };
}

const after = (ports: HostsByName, ...hosts: string[]) =>
  takenBack(
    ports,
    {
      hosts,
      script: () => ({ name: "the look", body: "", args: [] }),
      gone: (answers: Answers) => answers.one("asks") !== "yes",
    },
    new AbortController().signal,
  );

test("what the hosts say decides, not what was deployed", async () => {
  const ports = fleet({ web: "no", prod: "yes", away: undefined });
  expect(await after(ports, "web")).toBe("Taken back on web.");
  expect(await after(ports, "web", "prod", "away")).toBe(
    "Taken back on web. prod still runs what was: deploy it. away does not answer",
  );
  expect(await after(ports, "prod")).toBe(
    "Taken back in the configuration. prod still runs what was: deploy it.",
  );
  expect(await after(ports)).toBe("Taken back in the configuration.");
});
