// The page docs/settings.md, made of package.json: every setting and every command with what the manifest says of it.

/**
 * @param {any} manifest package.json, parsed
 * @param {Record<string, string>} texts package.nls.json, parsed
 */
export function settingsPage(manifest, texts) {
  const say = text => (text ?? "").replace(/%([^%]+)%/g, (whole, key) => texts[key] ?? whole);
  const cell = text =>
    say(text)
      .replace(/\|/g, "\\|")
      .replace(/\s*\n\s*/g, " ");
  const { configuration, commands } = manifest.contributes;
  const sections = Array.isArray(configuration) ? configuration : [configuration];
  const settings = sections.flatMap(section => Object.entries(section.properties ?? {}));
  return [
    "# Settings and commands",
    "",
    "Made of package.json by `npm run generate`. Settings of scope *machine* reach a program or SSH: a workspace can't set them, and",
    "they are ignored in untrusted workspaces.",
    "",
    "| setting | default | scope | what it does |",
    "| --- | --- | --- | --- |",
    ...settings.map(
      ([key, setting]) =>
        `| \`${key}\` | \`${JSON.stringify(setting.default)}\` | ${setting.scope ?? "window"} | ${cell(setting.markdownDescription ?? setting.description)} |`,
    ),
    "",
    "| command | title |",
    "| --- | --- |",
    ...commands.map(command => `| \`${command.command}\` | ${cell(command.title)} |`),
    "",
  ].join("\n");
}
