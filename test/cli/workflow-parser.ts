/**
 * GitHub's own parser of workflow files. It imports JSON as only bundlers do, so the test bundles
 * this file before it loads it.
 */
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';

/** What GitHub would refuse, each with line and column; empty = a valid workflow. */
export async function workflowProblems(content: string): Promise<string[]> {
  const file = { name: 'failover.yml', content };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  // The second step knows what the first cannot: which jobs there are.
  if (value && context.errors.count === 0) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** The same for an action.yml. */
export function actionProblems(content: string): string[] {
  const { context } = parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}
