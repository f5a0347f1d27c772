#!/usr/bin/env node
import { nodeIo } from "../shared/cli/node-io.ts";
import { runCli } from "../shared/cli/run-cli.ts";
import { withoutSecrets } from "../shared/security/hide-secrets.ts";
import { commands } from "./cli/registry.ts";

// A program of its own where only the agent is installed; `fleetsweep` hands verbs over under its own name.
const name = process.argv0 === "fleetsweep" ? "fleetsweep" : "fleetsweep-agent";
const description = "The agent of one host: says what the host is, and measures on it.";
// Only where it must be: a title takes the place of the whole command line.
const title = withoutSecrets(process.argv);
if (title !== null) process.title = title;
await runCli({ name, description, commands }, process.argv.slice(2), nodeIo(process));
