#!/usr/bin/env node
import { nodeIo } from "../shared/cli/node-io.ts";
import { runCli } from "../shared/cli/run-cli.ts";
import { withoutSecrets } from "../shared/security/hide-secrets.ts";
import { commands } from "./cli/registry.ts";

const description = "Measures how inference scales over cores, NUMA nodes and sockets of a fleet.";
// Only where it must be: a title takes the place of the whole command line.
const title = withoutSecrets(process.argv);
if (title !== null) process.title = title;
await runCli({ description, commands }, process.argv.slice(2), nodeIo(process));
