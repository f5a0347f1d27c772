import { smallHeapFlags } from "../../shared/runtime/small-heap.ts";
import { nodeRuntime } from "./node-runtime.ts";
import type { DebianPackage } from "./packages.ts";
import type { CarriedPackage } from "./stage-program.ts";

const maintainer = "The fleetsweep engineers <packages@fleetsweep.invalid>";

/** `/etc/fleetsweep` is the directory of both packages; dpkg lets packages share directories. */
export const settingsDirectory = "etc/fleetsweep";

/** The control file; `installedKib` as dpkg counts it. */
export function controlFile(wanted: DebianPackage, version: string, installedKib: number): string {
  const list = (field: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${field}: ${names.join(", ")}`];
  return `${[
    `Package: ${wanted.name}`,
    `Version: ${version}`,
    "Architecture: amd64",
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${installedKib}`,
    ...list("Depends", wanted.depends),
    ...list("Recommends", wanted.recommends),
    ...list("Suggests", wanted.suggests),
    "Section: net",
    "Priority: optional",
    `Description: ${wanted.summary}`,
    ...wanted.description.map((line) => ` ${line}`),
  ].join("\n")}\n`;
}

/** A maintainer script with the names of this package's units and directories in it. */
export function maintainerScript(
  template: string,
  { name, units, state, user }: DebianPackage,
): string {
  const files = units.map(({ file }) => file);
  const enabled = units.filter((unit) => unit.enabled).map(({ file }) => file);
  return template
    .replaceAll("@PACKAGE@", name)
    .replaceAll("@ENABLED@", enabled.join(" "))
    .replaceAll("@UNITS@", files.join(" "))
    .replaceAll("@REVERSED@", files.toReversed().join(" "))
    .replaceAll("@USER@", user)
    .replaceAll("@STATE@", state.join(" "));
}

export function conffilesList({ settings }: DebianPackage): string {
  return settings.map((file) => `/${settingsDirectory}/${file}\n`).join("");
}

/**
 * Each package makes the user that its units name: on a host that has both, what runs for a sweep cannot read the
 * authority's key.
 */
export function sysusersFile({ user }: DebianPackage): string {
  return `u ${user} - "fleetsweep" /var/lib/fleetsweep -\n`;
}

/** What /usr/bin has: the carried Node with the program, so that no Node of the system is asked. */
export function launcher({ name, entry, waits }: DebianPackage): string {
  const node = [`/usr/lib/${name}/bin/node`, ...(waits ? smallHeapFlags(nodeRuntime.version) : [])];
  return `#!/bin/sh\nexec ${node.join(" ")} /usr/lib/${name}/${entry} "$@"\n`;
}

/** Debian's copyright file: ours, Node's, and every npm package that is carried along. */
export function copyrightFile(
  carried: readonly CarriedPackage[],
  nodeVersion: string,
  year: number,
): string {
  const packages = carried.map(({ name, version, license }) => ` ${name} ${version}: ${license}`);
  return `${[
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
    "Upstream-Name: fleetsweep",
    "",
    "Files: *",
    `Copyright: ${year} The fleetsweep engineers`,
    "License: Apache-2.0",
    " On Debian systems, the full text of the Apache License 2.0 is in",
    " /usr/share/common-licenses/Apache-2.0.",
    "Comment:",
    ` Node ${nodeVersion} is carried along under the MIT licence and those of its parts: the file`,
    " LICENSE beside its binary. So are these npm packages, each with its own licence beside it:",
    ...packages.map((line) => ` ${line}`),
  ].join("\n")}\n`;
}

/** Debian's changelog in its own form, with one entry that points to ours. */
export function debianChangelog({ name }: DebianPackage, version: string, epochS: number): string {
  const date = new Date(epochS * 1000).toUTCString().replace("GMT", "+0000");
  return [
    `${name} (${version}) unstable; urgency=medium`,
    "",
    `  * Release ${version}; what changed is in NEWS.md.gz beside this file.`,
    "",
    ` -- ${maintainer}  ${date}`,
    "",
  ].join("\n");
}

/** Tags of lintian that come from carrying Node and its packages along, which is meant. */
export function lintianOverrides({ name, carries }: DebianPackage): string {
  return [
    "# Node and the npm packages are carried along as their makers built them.",
    ...carries.map((tag) => `${name}: ${tag}`),
    "",
  ].join("\n");
}
