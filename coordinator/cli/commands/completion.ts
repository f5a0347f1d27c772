import { completionVerb } from "../../../shared/cli/completion-verb.ts";
import { readAgentVerbs } from "../handover.ts";

/** Completes the agent's verbs, too, by asking its program. */
export const completion = completionVerb(async (tree, io) => {
  const agent = await readAgentVerbs(io);
  const handedOver = new Map(agent.verbs.map((verb) => [verb.name, verb]));
  handedOver.delete("completion");
  return { ...tree, verbs: tree.verbs.map((verb) => handedOver.get(verb.name) ?? verb) };
});
