import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { commands as agentCommands } from "../agent/cli/registry.ts";
import { agentFlagsSchema } from "../agent/config.ts";
import { coordinatorConfigSchema } from "../coordinator/config.ts";
import { fleetMetrics } from "../coordinator/logic/fleet-metrics.ts";
import { maintainerScript, sysusersFile } from "../deploy/package/debian-files.ts";
import { lockClosure } from "../deploy/package/lock-closure.ts";
import { manPage } from "../deploy/package/man-page.ts";
import { debianPackages } from "../deploy/package/packages.ts";
import { busLimits } from "../shared/bus/bus-limits.ts";
import { declareProgram } from "../shared/cli/declare-program.ts";
import { readVerbTree } from "../shared/cli/verb-tree.ts";
import { emptyLogState } from "../shared/domain/fold.ts";
import { captureIo } from "../shared/testing/capture-io.ts";

const deploy = (path: string): string =>
  fileURLToPath(new URL(`../deploy/${path}`, import.meta.url));
const read = (path: string): string => readFileSync(deploy(path), "utf8");

const lock = {
  "node_modules/a": {
    dependencies: { b: "1", shared: "2" },
    optionalDependencies: { mac: "1", arm: "1", musl: "1", gnu: "1" },
  },
  "node_modules/a/node_modules/shared": { dependencies: { b: "1" } },
  "node_modules/shared": {},
  "node_modules/b": {},
  "node_modules/mac": { os: ["darwin"] },
  "node_modules/arm": { os: ["linux"], cpu: ["arm64"] },
  "node_modules/musl": { os: ["linux"], cpu: ["x64"], libc: ["musl"] },
  "node_modules/gnu": { os: ["!win32"], cpu: ["x64"], libc: ["glibc"] },
  "node_modules/tool": {},
};

test("what goes into a package is what its programs need on Linux, as Node would find it", () => {
  expect(lockClosure(lock, ["a"])).toEqual([
    "node_modules/a",
    "node_modules/a/node_modules/shared",
    "node_modules/b",
    "node_modules/gnu",
  ]);
});

test("a dependency that the lock file lacks ends the build", () => {
  const broken = { "node_modules/a": { dependencies: { gone: "1" } } };
  expect(() => lockClosure(broken, ["a"])).toThrow("no gone, which node_modules/a needs");
});

const manual = manPage(
  readVerbTree(
    declareProgram(
      { name: "fleetsweep-agent", description: "The agent. Measures.", commands: agentCommands },
      captureIo().io,
    ),
  ),
  { version: "1.2.3", date: "2026-01-02", files: [["/etc/x", "settings"]], seeAlso: ["numactl"] },
);

test("the manual names every verb, every option and every exit code", () => {
  for (const verb of agentCommands) expect(manual).toContain(`.SS "fleetsweep-agent ${verb.name}"`);
  expect(manual).toContain("\\-\\-coordinator");
  expect(manual).toContain(".B 130");
});

test.skipIf(spawnSync("man", ["--version"]).status !== 0)(
  "man can set the manual without a warning (needs man)",
  () => {
    const words = ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "-"];
    const set = spawnSync("man", words, { input: manual, encoding: "utf8" });
    expect([set.stderr, set.status]).toEqual(["", 0]);
  },
);

test("a dot and a backslash of a summary are no commands of the manual", () => {
  const odd = new Command("odd").description(".so /etc/passwd \\fBx");
  const page = manPage(readVerbTree(odd), { version: "1", date: "d", files: [], seeAlso: [] });
  expect(page).toContain("\n\\&.so /etc/passwd \\efBx\n");
});

test.each(debianPackages)(
  "$name takes only units, settings and documents that are there",
  (wanted) => {
    for (const { file } of wanted.units) expect(read(`systemd/${file}`)).toContain("[Unit]");
    for (const file of wanted.settings) expect(read(`package/conf/${file}`)).not.toBe("");
    for (const path of [...wanted.documents, ...wanted.data]) {
      expect(readdirSync(deploy("..")).concat("deploy")).toContain(path.split("/")[0]);
    }
  },
);

test("agent and coordinator run as users of their own, which their packages make", () => {
  const users = debianPackages.map(({ user }) => user);
  expect(new Set(users).size).toBe(debianPackages.length);
  for (const wanted of debianPackages) {
    expect(sysusersFile(wanted)).toMatch(new RegExp(`^u ${wanted.user} - `));
    for (const { file } of wanted.units.filter((unit) => unit.file.endsWith(".service"))) {
      expect(read(`systemd/${file}`)).toContain(`\nUser=${wanted.user}\n`);
    }
  }
});

test("every unit is in a package", () => {
  const packed = debianPackages.flatMap(({ units }) => units.map(({ file }) => file));
  expect(packed.toSorted()).toEqual(readdirSync(deploy("systemd")).toSorted());
});

test.each(
  debianPackages.flatMap((wanted) =>
    ["postinst", "prerm", "postrm"].map((script) => [wanted.name, script, wanted] as const),
  ),
)("%s: %s is a shell script without a blank to fill in", (_, script, wanted) => {
  const text = maintainerScript(read(`package/maintainer/${script}`), wanted);
  expect(text).not.toContain("@");
  expect(spawnSync("sh", ["-n"], { input: text }).status).toBe(0);
});

test("what the settings show as an example can be used", () => {
  expect(read("package/conf/nats.conf")).toContain(`max_payload: ${busLimits.maxPayloadBytes}`);
  expect(parse(read("package/conf/agent.yaml"))).toEqual({});
});

interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly build?: { readonly target: string; readonly dockerfile: string };
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly volumes: readonly string[];
}

const compose = parse(read("compose.yaml")) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
};

test("the compose file names services, volumes, images and stages that are there", () => {
  const { services, volumes } = compose;
  const built = Object.values(services).flatMap(({ build, image }) => (build ? [image] : []));
  for (const service of Object.values(services)) {
    expect(built).toContain(service.image);
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(Object.keys(service.depends_on ?? {})),
    );
    for (const volume of service.volumes) {
      expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
    }
    if (!service.build) continue;
    expect(read(service.build.dockerfile.replace("deploy/", ""))).toContain(
      ` AS ${service.build.target}\n`,
    );
  }
});

const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<=^|[\s"'])--([a-z][a-z-]+)/gm)].map(([, flag]) => flag ?? "");

test.each([
  ["compose.yaml: coordinator", compose.services["coordinator"]?.command, coordinatorConfigSchema],
  ["compose.yaml: agent", compose.services["agent"]?.command, agentFlagsSchema],
  ["conf/coordinator.env", settingsLines("package/conf/coordinator.env"), coordinatorConfigSchema],
  ["conf/agent.env", settingsLines("package/conf/agent.env"), agentFlagsSchema],
  ["the role of the coordinator", roleFlags("fleetsweep_coordinator"), coordinatorConfigSchema],
  ["the role of the agent", roleFlags("fleetsweep_agent"), agentFlagsSchema],
] as const)("%s gives flags that the program has", (_where, words, schema) => {
  const flags = flagsIn((words ?? []).join("\n"));
  const known = Object.keys(schema.shape).map((name) =>
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  expect(flags.length).toBeGreaterThan(1);
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
});

function settingsLines(path: string): readonly string[] {
  return read(path)
    .split("\n")
    .filter((line) => line.includes("_FLAGS="));
}

/** What a role writes into the file of flags. */
function roleFlags(role: string): readonly string[] {
  const text = read(["ansible/roles", role, "tasks/main.yaml"].join("/"));
  const start = text.indexOf("- name: Set the flags");
  return text.slice(start, text.indexOf("\n- name:", start + 1)).split("\n");
}

test("alerts ask for figures that a coordinator gives", () => {
  const given = fleetMetrics({
    state: emptyLogState(),
    hosts: [],
    foldedSeq: 0,
    projectedSeq: 0,
    entries: new Map(),
  });
  const names = new Set(given.map(({ name }) => name));
  const asked = [...read("alerts.yaml").matchAll(/\bfleetsweep_\w+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});
