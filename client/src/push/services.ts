// The command Services: what can be done with Cachix, Attic and FlakeHub Cache, as one list, so that the palette stays small.

import { t } from "../l10n";
import { findProgram } from "../ports/findProgram";
import type { PickItem } from "../ports/ui";
import { flakeHubLogin, flakeHubText } from "../services/flakeHub";
import { orCancel } from "../userError";
import { type AtticApp, logInToAttic, useAtticCache, watchAttic } from "./atticActions";
import {
  buildAndPush,
  importBucket,
  logInToCachix,
  runCachix,
  writeDeploySpecification,
} from "./cachixActions";
import { pushToCache } from "./pushToCache";
import type { StartTask } from "./tasks";

export interface ServicesApp extends AtticApp {
  /** The command that adds a cache, which knows Cachix and FlakeHub by name. */
  addCache(): Promise<void>;
}

type Action = () => Promise<void>;

export async function chooseService(app: ServicesApp, start: StartTask): Promise<void> {
  const action = orCancel(await app.ui.pickOne(actions(app, start), { title: t("Cache Services") }));
  await action();
}

function actions(app: ServicesApp, start: StartTask): readonly PickItem<Action>[] {
  return [
    ...group("Cachix", [
      [t("Cachix: Log In"), t("keep a token in the system's keyring"), () => logInToCachix(app)],
      [t("Cachix: Use a Cache"), t("write it and its key into the configuration"), () => app.addCache()],
      [t("Cachix: Push"), t("with compression and pin"), () => pushToCache(app)],
      [t("Cachix: Build and Push"), "cachix watch-exec", () => buildAndPush(app, start)],
      [t("Cachix: Push Everything New"), "cachix watch-store", () => runCachix(app, start, "store")],
      [t("Cachix: Serve Pushes"), "cachix daemon run", () => runCachix(app, start, "daemon")],
      [t("Cachix: Import from S3"), "cachix import", () => importBucket(app, start)],
      [
        t("Cachix: Write deploy.json"),
        t("systems for agents of Cachix Deploy"),
        () => writeDeploySpecification(app),
      ],
      [t("Cachix: Examine"), "cachix doctor", () => runCachix(app, start, "doctor")],
    ]),
    ...group("Attic", [
      [t("Attic: Log In"), t("keep a token in the system's keyring"), () => logInToAttic(app)],
      [t("Attic: Use a Cache"), t("write it and its key into the configuration"), () => useAtticCache(app)],
      [t("Attic: Push"), "attic push", () => pushToCache(app)],
      [t("Attic: Push Everything New"), "attic watch-store", () => watchAttic(app, start)],
    ]),
    ...group("FlakeHub Cache", [
      [t("FlakeHub: Log In"), "determinate-nixd login, fh login", () => logInToFlakeHub(app)],
      [t("FlakeHub: Use the Cache"), t("write it and its keys into the configuration"), () => app.addCache()],
    ]),
  ];
}

function group(
  heading: string,
  rows: readonly (readonly [label: string, description: string, action: Action])[],
): readonly PickItem<Action>[] {
  return rows.map(([label, description, value], index) => ({
    value,
    label,
    description,
    ...(index === 0 ? { heading } : {}),
  }));
}

async function logInToFlakeHub(app: ServicesApp): Promise<void> {
  const login = flakeHubLogin(findProgram);
  // it asks for the token itself
  if (login !== undefined) return app.ui.openTerminal({ name: "FlakeHub", ...login });
  void app.ui.showInfo(
    `${flakeHubText()} ${t("To log in, install Determinate Nix (determinate-nixd) or fh: nix profile install nixpkgs#fh")}`,
  );
}
