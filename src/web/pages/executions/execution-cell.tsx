import { Link } from '@tanstack/react-router';
import type { ExecutionSummary } from '../../shared/live.js';
import { Text } from '../../shared/text.js';

const MOST = 300;

/** The id, which leads to the execution, and its workflow below. */
export function ExecutionCell({ execution }: { readonly execution: ExecutionSummary }) {
  return (
    <>
      <Link className="id executions-link" to="/executions/$id" params={{ id: execution.execution_id }}>
        <Text most={MOST}>{execution.execution_id}</Text>
      </Link>
      {execution.workflow_id !== undefined && (
        <div className="small executions-cut">
          <Text most={MOST}>{execution.workflow_id}</Text>
        </div>
      )}
    </>
  );
}
