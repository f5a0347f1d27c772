import { readSystemFacts, systemLibrary } from "../system-facts.ts";

process.stdout.write(JSON.stringify(await readSystemFacts(systemLibrary)));
