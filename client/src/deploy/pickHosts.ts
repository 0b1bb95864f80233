// Choosing hosts: by name or by tag, several at once, with the last choice ticked.

import type { App } from "../app";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { addressOf } from "../state/hostAddress";
import { orCancel, UserError } from "../userError";

const LAST = "deploy.lastHosts";

/** The names of the chosen hosts. */
export async function pickHosts(
  app: Pick<App, "state" | "storage" | "ui">,
  title: string,
): Promise<readonly string[]> {
  const { hosts } = app.state.fleet;
  if (hosts.length === 0)
    throw new UserError(t("No host was found in this workspace. The view Hosts says why."));
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined) return [only.name];
  const placeholder = t("Tick the hosts, or a tag for all hosts that have it");
  const groups = orCancel(await app.ui.pickMany(items(app), { title, placeholder }));
  const names = [...new Set(groups.flat())];
  await app.storage.workspace.set(LAST, names);
  return names;
}

function items(app: Pick<App, "state" | "storage">): readonly PickItem<readonly string[]>[] {
  const { hosts } = app.state.fleet;
  const last: unknown = app.storage.workspace.get(LAST);
  const ticked = new Set<unknown>(Array.isArray(last) ? last : []);
  const rows = hosts.map(
    (host, index): PickItem<readonly string[]> => ({
      value: [host.name],
      label: host.name,
      description: [addressOf(host) ?? "", ...host.tools, ...host.tags.map(tag => `@${tag}`)].join("  "),
      picked: ticked.has(host.name),
      ...(index === 0 ? { heading: t("Hosts") } : {}),
    }),
  );
  const tags = [...new Set(hosts.flatMap(host => host.tags))].sort();
  const tagRows = tags.map((tag, index): PickItem<readonly string[]> => {
    const tagged = hosts.filter(host => host.tags.includes(tag)).map(host => host.name);
    const heading = index === 0 ? { heading: t("Tags") } : {};
    return { value: tagged, label: `@${tag}`, description: tagged.join(", "), ...heading };
  });
  return [...rows, ...tagRows];
}
