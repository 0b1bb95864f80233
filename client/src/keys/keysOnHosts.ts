// Making cache keys where they belong: on this machine or on a host, which the secret then never leaves.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { afterCommand } from "../commands";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { askWithProgress } from "../remote/askHost";
import { cacheKeyScript } from "../remote/hostKeys";
import { keyRefusal } from "../remote/keyAnswers";
import { orCancel, UserError } from "../userError";
import { generateCacheKey, nameProblem } from "./generateKey";
import { type PublicKeyApp, trustKey } from "./publicHalf";

export type KeysApp = PublicKeyApp & Pick<App, "log">;

/** The command "Generate a Binary Cache Key": here, or on a host. */
export async function generateCacheKeyAnywhere(app: KeysApp): Promise<void> {
  const place = await choosePlace(app, t("Where to Make the Key"), t("its secret stays there"));
  if (place === "here") return generateCacheKey(app);
  const name = orCancel(
    await app.ui.input({
      title: t("Generate a Binary Cache Key"),
      prompt: t(
        "The key's name. By custom the cache's host name and a number, which grows with each new key.",
      ),
      value: `${place.hostname ?? place.name}-1`,
      validate: nameProblem,
    }),
  );
  const file = `/var/lib/nix-deploy/${name}.secret`;
  const title = t("Making a key on {0}", place.name);
  const answers = await askWithProgress(app, title, place, cacheKeyScript(file, name, "new"));
  const publicKey = answers.one("public");
  if (publicKey === undefined) throw new UserError(keyRefusal(place.name, file, answers.one("refused")));
  app.log.info("cache key generated", { name, host: place.name });
  afterCommand(app, "cache key", () => offerCacheKey(app, publicKey, place, file));
}

async function offerCacheKey(
  app: KeysApp,
  publicKey: string,
  host: HostSnapshot,
  file: string,
): Promise<void> {
  const copy = t("Copy Public Key");
  const trust = t("Let Hosts Trust It");
  const sign = t("Sign with It");
  const message = t(
    "The secret key is in {0} on {1}, readable only by root. Public key: {2}",
    file,
    host.name,
    publicKey,
  );
  const answer = await app.ui.showInfo(message, copy, trust, sign);
  if (answer === copy) await app.ui.copy(publicKey);
  else if (answer === trust) await trustKey(app, publicKey);
  else if (answer === sign) await signWith(app, host, file);
}

async function signWith(app: KeysApp, host: HostSnapshot, file: string): Promise<void> {
  const message = t("Let {0} sign what it builds with {1}?", host.name, file);
  const [option, target] = ["nix.settings.secret-key-files", { hosts: [host.name] }];
  await proposeEdits(app, { message, operations: [{ kind: "addToList", target, option, items: [file] }] });
}

/** Here, or on a host of the fleet. */
export async function choosePlace(
  app: Pick<App, "ui" | "state">,
  title: string,
  note: string,
): Promise<HostSnapshot | "here"> {
  const { hosts } = app.state.fleet;
  if (hosts.length === 0) return "here";
  const items: PickItem<HostSnapshot | "here">[] = [
    { value: "here", label: t("This machine") },
    ...hosts.map(host => ({ value: host, label: host.name, description: note })),
  ];
  return orCancel(await app.ui.pickOne(items, { title }));
}
