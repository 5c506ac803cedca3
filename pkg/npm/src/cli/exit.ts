import type { AnswerDocument } from "../engine/types.js";

/** Exit codes of every command. */
export enum Exit {
  Admitted = 0,
  Denied = 1,
  BadInput = 2,
  NotEvaluated = 3,
}

/** The exit code of answers: what could not be evaluated weighs more than what is denied. */
export function exitOf(answers: AnswerDocument[]): Exit {
  const has = (status: string) => answers.some((answer) => answer.results.some((result) => result.status === status));
  if (has("error")) return Exit.NotEvaluated;
  return answers.every((answer) => answer.admission.allowed) ? Exit.Admitted : Exit.Denied;
}
