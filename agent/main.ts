#!/usr/bin/env node
import { nodeIo } from "../shared/cli/node-io.ts";
import { runCli } from "../shared/cli/run-cli.ts";
import { withoutSecrets } from "../shared/security/hide-secrets.ts";
import { commands } from "./cli/registry.ts";

const description = "The agent of one host: says what the host is, and measures on it.";
process.title = withoutSecrets(process.argv) ?? process.title;
await runCli({ description, commands }, process.argv.slice(2), nodeIo(process));
