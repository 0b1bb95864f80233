// Which hosts have got how far in a rotation: each is asked, deployed where it lags behind, and asked again.

import { sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { t } from "../l10n";
import { done, failed, skipped } from "../procedure/results";
import { ask } from "../remote/askHost";
import type { Answers } from "../remote/fixedScript";
import { keySettingsScript } from "../remote/hostKeys";
import type { RotationFacts } from "./rotationFacts";
import { oldFiles } from "./rotationKeys";
import type { RotationPorts, RotationStep } from "./rotationStep";

/** Whether a host says that it trusts a key. */
export function trusts(answers: Answers, key: string | undefined): boolean {
  return answers.all("trusted").some(trusted => sameCacheKeyText(trusted, key ?? ""));
}

/** Whether a host says that it signs anything with the new key: what it builds, or what it serves. */
export function signsWithNew(answers: Answers, { newFile }: RotationFacts): boolean {
  const serves = answers.all("serves").some(line => line.split(" ")[1] === newFile);
  return serves || answers.all("signing").includes(newFile);
}

/** Deploys until each host says what it should; remembers which have said so. */
function arrival(options: {
  readonly id: string;
  readonly title: (facts: RotationFacts) => string;
  readonly hosts: (facts: RotationFacts) => readonly string[];
  readonly arrived: (answers: Answers, facts: RotationFacts) => boolean;
  readonly note: (facts: RotationFacts, hosts: readonly string[]) => RotationFacts;
}): RotationStep {
  const look = async (facts: RotationFacts, ports: RotationPorts, signal: AbortSignal) => {
    const there: string[] = [];
    const problems: string[] = [];
    for (const host of options.hosts(facts)) {
      const answers = await ask(ports, host, keySettingsScript(), signal);
      if (typeof answers === "string") problems.push(answers);
      else if (options.arrived(answers, facts)) there.push(host);
    }
    return { there, problems };
  };
  return {
    id: options.id,
    title: options.title,
    async run(facts, ports, signal) {
      const hosts = options.hosts(facts);
      if (hosts.length === 0) return skipped(facts, t("No host is concerned."));
      const before = await look(facts, ports, signal);
      const waiting = hosts.filter(host => !before.there.includes(host));
      if (waiting.length === 0) return done(options.note(facts, hosts), t("Was there already."));
      await ports.deploy(waiting, signal);
      const { there, problems } = await look(facts, ports, signal);
      const known = options.note(facts, there);
      const missing = hosts.filter(host => !there.includes(host));
      if (missing.length === 0) return done(known, t("Deployed: {0}", waiting.join(", ")));
      return failed(
        known,
        [t("Not there yet: {0}. Deploy and resume.", missing.join(", ")), ...problems].join(" "),
      );
    },
  };
}

export const trustArrived = arrival({
  id: "trustArrived",
  title: () => t("Every host trusts the new key"),
  hosts: facts => facts.clients,
  arrived: (answers, facts) => trusts(answers, facts.newKey),
  note: (facts, trusting) => ({ ...facts, trusting }),
});

export const switchArrived: RotationStep = {
  id: "switchArrived",
  title: () => t("The signer uses the new key"),
  async run(facts, ports, signal) {
    const { signer } = facts;
    if (signer !== undefined && oldFiles(facts).length > 0) return signerArrived.run(facts, ports, signal);
    const message = t("Does the signer use {0} now?", facts.newName);
    const detail = t(
      "Every host trusts the new key. Switch whoever signs with the old key ({0}), such as services.nix-serve.secretKeyFile, harmonia, a CI secret or nix copy, and then go on.",
      facts.oldKey,
    );
    const yes = await ports.confirm(message, detail, t("It Is Switched"));
    return yes ? done(facts, t("Switched by hand.")) : failed(facts, t("Switch the signer and resume."));
  },
};

const signerArrived = arrival({
  id: "signerArrived",
  title: () => t("The signer uses the new key"),
  hosts: facts => (facts.signer === undefined ? [] : [facts.signer]),
  arrived: (answers, facts) => {
    const signing = answers.all("signing");
    const builds =
      facts.oldFile === undefined || (signing.includes(facts.newFile) && !signing.includes(facts.oldFile));
    const serves = (service: string, file: string) =>
      answers.all("serves").some(line => line.startsWith(`${service} ${file} `));
    return (
      builds &&
      facts.served.every(key => serves(key.service, facts.newFile) && !serves(key.service, key.file))
    );
  },
  note: facts => facts,
});

export const retireArrived = arrival({
  id: "retireArrived",
  title: () => t("No host trusts the old key"),
  hosts: facts => facts.clients,
  arrived: (answers, facts) => !trusts(answers, facts.oldKey),
  note: (facts, retired) => ({ ...facts, retired }),
});
