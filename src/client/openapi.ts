/** The types of the API, written by `npm run openapi` from docs/openapi.json: do not edit them. */
export interface paths {
    "/api/v1/workflow/executions/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports what happened; whatever the verdict, the answer is 200 */
        post: operations["ReportsController_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports a status; a refused one is 409 */
        post: operations["ReportsController_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports how far it is */
        post: operations["ReportsController_progress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that the worker lives, and asks whether it was cancelled */
        post: operations["ReportsController_heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends many reports at once, each decided on its own */
        post: operations["BulkReportsController_reports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a webhook delivery of GitHub */
        post: operations["SourcesController_github"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/gitlab": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a webhook delivery of GitLab about a pipeline or a job */
        post: operations["SourcesController_gitlab"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/webhooks/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a delivery by Standard Webhooks, as of OpenAI and Claude */
        post: operations["SourcesController_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an OpenLineage event, or an array of them */
        post: operations["SourcesController_lineage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes CloudEvents: Tekton, CDEvents, and the ledger’s own reports */
        post: operations["SourcesController_cloudEvents"];
        delete?: never;
        /** Says that CloudEvents may be delivered here */
        options: operations["SourcesController_mayBeDeliveredTo"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes spans by OTLP, in JSON or Protocol Buffers */
        post: operations["SourcesController_traces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists executions by filters, page after page */
        get: operations["ExecutionsController_list"];
        put?: never;
        /** Registers an execution before it runs */
        post: operations["CommandsController_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/dispatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records that the attempt was handed over, once */
        post: operations["CommandsController_dispatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records that it could not be staged or dispatched */
        post: operations["CommandsController_abort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens it again; the ledger starts nothing itself */
        post: operations["CommandsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses it */
        post: operations["CommandsController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels it, and with cascade its descendants */
        post: operations["CommandsController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes many executions, or shows which it would */
        post: operations["BulkCommandsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bulk/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels many executions, or shows which it would */
        post: operations["BulkCommandsController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/batch-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows many executions by their ids */
        post: operations["ExecutionsController_batchStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an execution, at once or when it is over */
        get: operations["ExecutionsController_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows its events, oldest first */
        get: operations["ExecutionsController_tape"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/refused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the reports that it refused */
        get: operations["ExecutionsController_refused"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows it as it was at a revision or a time */
        get: operations["ExecutionsController_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the events of all executions in the order of the log */
        get: operations["LogController_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follows what changes */
        get: operations["StreamController_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts executions by status */
        get: operations["SummariesController_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/target-health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows outcomes and durations by target */
        get: operations["SummariesController_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/failure-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what failed, by what the errors have in common */
        get: operations["SummariesController_failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts outcomes over time, with their durations */
        get: operations["SummariesController_histogram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts what needs a person, with where it is shown */
        get: operations["SummariesController_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{id}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows it with its descendants */
        get: operations["SummariesController_tree"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the projections */
        get: operations["ProjectionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a projection */
        get: operations["ProjectionsController_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes its table anew beside the live one */
        post: operations["ProjectionsController_rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compares its table with one made anew */
        post: operations["ProjectionsController_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has readers read the version before */
        post: operations["ProjectionsController_rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drops what is kept beside the live version */
        post: operations["ProjectionsController_prune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has it stand still */
        post: operations["ProjectionsController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has it go on */
        post: operations["ProjectionsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries its parked events again */
        post: operations["ProjectionsController_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the rows of a projection, page after page */
        get: operations["ProjectionRowsController_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what was done to the ledger, and by whom */
        get: operations["OperationLogController_operations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says that the process answers */
        get: operations["OperationsController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the ledger is ready */
        get: operations["OperationsController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["OperationsController_scrape"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells where to go */
        get: operations["RootController_root"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells as whom one asks, and what that may do */
        get: operations["SessionController_show"];
        put?: never;
        /** Signs in: the key in exchange for a cookie */
        post: operations["SessionController_signIn"];
        /** Signs out */
        delete: operations["SessionController_signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        EventReport: {
            /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
            execution_id: string;
            status?: string | null;
            workflow_id?: string | null;
            run_id?: string | null;
            reasoner_id?: string | null;
            type?: string | null;
            agent_node_id?: string | null;
            target?: string | null;
            kind?: string | null;
            labels?: {
                [key: string]: string;
            } | null;
            /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
            parent_execution_id?: string | null;
            parent_workflow_id?: string | null;
            input_data?: unknown;
            progress?: number | null;
            message?: string | null;
            data?: unknown;
            status_reason?: string | null;
            worker?: string | null;
            attempt?: number | null;
            /** @description Idempotency id, unique within the execution */
            event_id?: string | null;
            /** Format: date-time */
            occurred_at?: string | null;
            result?: unknown;
            /** @description A string; an object is kept whole in error_details */
            error?: unknown;
            error_details?: unknown;
            error_status_code?: number | null;
            duration_ms?: number | null;
            /** Format: date-time */
            completed_at?: string | null;
            /** @description Inferred by somebody else than the worker: lowers the authority to watchdog */
            inferred?: boolean | null;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description The same text as detail */
            error: string;
            /** @enum {string} */
            verdict?: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            current?: components["schemas"]["Current"];
            requested?: string;
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            issues?: {
                path: string;
                message: string;
            }[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            report_as?: string;
            retry_with?: string;
        };
        Current: {
            /** @enum {string} */
            status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            attempt: number;
            /** @enum {string|null} */
            authority: "operator" | "worker" | "watchdog" | null;
            sealed: boolean;
            dispatched: boolean;
            revision: number;
        } | null;
        EventAnswer: {
            /** @enum {boolean} */
            success: true;
            /** @enum {boolean} */
            created?: true;
            /** @enum {boolean} */
            updated?: true;
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
        };
        StatusReport: {
            status: string;
            workflow_id?: string | null;
            run_id?: string | null;
            reasoner_id?: string | null;
            type?: string | null;
            agent_node_id?: string | null;
            target?: string | null;
            kind?: string | null;
            labels?: {
                [key: string]: string;
            } | null;
            /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
            parent_execution_id?: string | null;
            parent_workflow_id?: string | null;
            input_data?: unknown;
            progress?: number | null;
            message?: string | null;
            data?: unknown;
            status_reason?: string | null;
            worker?: string | null;
            attempt?: number | null;
            /** @description Idempotency id, unique within the execution */
            event_id?: string | null;
            /** Format: date-time */
            occurred_at?: string | null;
            result?: unknown;
            /** @description A string; an object is kept whole in error_details */
            error?: unknown;
            error_details?: unknown;
            error_status_code?: number | null;
            duration_ms?: number | null;
            /** Format: date-time */
            completed_at?: string | null;
            /** @description Inferred by somebody else than the worker: lowers the authority to watchdog */
            inferred?: boolean | null;
        };
        /** @description Where the API key lacks the scope read: its receipt alone */
        StrictAnswer: {
            execution_id: string;
            run_id: string;
            workflow_id?: string;
            parent_execution_id?: string;
            target?: string;
            kind?: string;
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            sealed: boolean;
            attempt: number;
            /** @description The id the worker of this attempt reports with */
            report_as: string;
            /** @enum {string|null} */
            authority: "operator" | "worker" | "watchdog" | null;
            status_reason?: string;
            progress?: number;
            message?: string;
            worker?: string;
            error?: string;
            error_status_code?: number;
            phase?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            completed_at?: string;
            duration_ms?: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            last_activity_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            deadline?: string;
            stale: boolean;
            silent: boolean;
            resumable: boolean;
            cancellable: boolean;
            dispatched: boolean;
            /** @description A resume opened this attempt, and no worker has taken it up */
            awaiting_worker: boolean;
            handle?: unknown;
            refused_count?: number;
            anomalies: {
                regressions: number;
                dropped: number;
                conflicts: number;
                fenced: number;
                superseded: number;
            };
            revision: number;
            /** @example 4711 */
            position?: string;
            /** @description The event of its stream that cannot be read on: it is shown as it stood before */
            unreadable?: {
                revision: number;
                error: string;
            };
            input?: unknown;
            result?: unknown;
            error_details?: unknown;
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            /** @description What is left out because it could not be read; what was asked for is decided all the same */
            omitted?: ("refused_count" | "refused_while_paused" | "children")[];
        };
        ProgressReport: {
            progress?: number | null;
            message?: string | null;
            data?: unknown;
            status_reason?: string | null;
            worker?: string | null;
            attempt?: number | null;
            /** @description Idempotency id, unique within the execution */
            event_id?: string | null;
            /** Format: date-time */
            occurred_at?: string | null;
        };
        Heartbeat: {
            attempt?: number | null;
            worker?: string | null;
            /** @description Idempotency id, unique within the execution */
            event_id?: string | null;
        };
        HeartbeatAnswer: {
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            cancelled: boolean;
        };
        BulkReceipt: {
            /** @description A verdict, or forbidden, malformed, unavailable or internal */
            verdict: string;
            applied: boolean;
            replayed?: boolean;
            execution_id?: string;
            /** @example 4711 */
            position?: string;
            current?: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            line: number;
            error?: string;
            /** @description This line and all from next_line on were not begun: go on there */
            next_line?: number;
        };
        SourceAnswer: {
            receipts: components["schemas"]["Receipt"][];
            ignored?: string;
        };
        Receipt: {
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
        };
        Register: {
            /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
            execution_id?: string;
            run_id?: string;
            workflow_id?: string;
            /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
            parent_execution_id?: string;
            target?: string;
            kind?: string;
            input?: unknown;
            labels?: {
                [key: string]: string;
            };
            /** Format: date-time */
            deadline?: string;
            timeout_ms?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        Dispatch: {
            handle?: unknown;
            attempt?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        Abort: {
            /** @enum {string} */
            phase: "staging" | "dispatch";
            error: string | Record<string, never>;
            attempt?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        Resume: {
            reason?: string;
            new_attempt?: boolean;
            unnumbered?: boolean;
            /** Format: date-time */
            deadline?: string;
            timeout_ms?: number;
            attempt?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        ResumeAnswer: {
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            /** @enum {string} */
            previous_status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            takeover: boolean;
            attempt: number;
            report_as: string;
            /** @description What is left to be done: a resume starts no work */
            note: string;
            /** @description The last ones, where they are more than 4 MiB: all are at GET /executions/:id/refused */
            refused_while_paused?: components["schemas"]["RefusedEvent"][];
            truncated?: "refused_while_paused"[];
            /** @description What is left out because it could not be read; what was asked for is decided all the same */
            omitted?: ("refused_count" | "refused_while_paused" | "children")[];
        };
        RefusedEvent: {
            execution_id?: string;
            revision: number;
            /** @example 4711 */
            position: string;
            event_id: string;
            type: string;
            attempt?: number;
            /** @enum {string} */
            status?: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            recorded_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            occurred_at?: string;
            reporter?: {
                actor: string;
                /** @enum {string} */
                authority: "operator" | "worker" | "watchdog";
            };
            on_behalf_of?: string;
            source?: string;
            correlation_id?: string;
            causation_id?: string;
            /** @description Where REDACT replaced a value in what was sent */
            redacted?: string[];
            data: unknown;
            /** @enum {string} */
            verdict?: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            against?: {
                /** @enum {string} */
                status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
                attempt: number;
                /** @enum {string|null} */
                authority: "operator" | "worker" | "watchdog" | null;
                revision: number;
            } | null;
        };
        Pause: {
            reason?: string;
            attempt?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        PauseAnswer: {
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            /** @enum {string} */
            previous_status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            paused_at: string;
        };
        Cancel: {
            reason?: string;
            cascade?: boolean;
            attempt?: number;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        CancelAnswer: {
            /** @enum {string} */
            verdict: "applied" | "duplicate" | "regression" | "conflict" | "superseded" | "fenced" | "unknown_attempt" | "dropped" | "not_running" | "not_resumed" | "not_resumable" | "already_dispatched" | "id_reused" | "not_found" | "unsupported_status";
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            cancelled: boolean;
            /** @enum {boolean} */
            already_terminal?: true;
            /** @enum {string} */
            previous_status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            cancelled_at?: string;
            children?: components["schemas"]["ChildReceipt"][];
            /**
             * @description Why there are, or may be, descendants that were not asked
             * @enum {string}
             */
            children_omitted?: "depth" | "number" | "not_projected" | "confined";
            /** @description What is left out because it could not be read; what was asked for is decided all the same */
            omitted?: ("refused_count" | "refused_while_paused" | "children")[];
        };
        ChildReceipt: {
            /** @description A verdict, or forbidden, malformed, unavailable or internal */
            verdict: string;
            applied: boolean;
            replayed?: boolean;
            execution_id: string;
            /** @example 4711 */
            position?: string;
            current?: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            cancelled: boolean;
            /** @enum {boolean} */
            already_terminal?: true;
            /** @enum {string} */
            previous_status?: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            cancelled_at?: string;
            error?: string;
        };
        Bulk: {
            execution_ids?: string[];
            filter?: {
                status?: string[];
                workflow_id?: string;
                run_id?: string;
                target?: string;
                kind?: string;
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                parent_execution_id?: string;
                label?: string[];
                /** @description Text that its error holds within the first 1,000 characters, in upper or lower case */
                error?: string;
                /** @description The fingerprint of the group of failures that it stands in */
                failure_group?: string;
                q?: string;
                resumable?: boolean;
                stale?: boolean;
                silent?: boolean;
                /** @description A duration such as 10m: silent for longer than that */
                silent_for?: string;
                dispatched?: boolean;
                awaiting_worker?: boolean;
                cancellable?: boolean;
                doubt?: boolean;
                zombie?: boolean;
                past_due?: boolean;
                refused?: boolean;
                attempt_above?: number;
                /** Format: date-time */
                created_after?: string;
                /** Format: date-time */
                created_before?: string;
                /** Format: date-time */
                started_after?: string;
                /** Format: date-time */
                started_before?: string;
                /** Format: date-time */
                completed_after?: string;
                /** Format: date-time */
                completed_before?: string;
                /** Format: date-time */
                last_activity_after?: string;
                /** Format: date-time */
                last_activity_before?: string;
                "-status"?: string[];
                "-workflow_id"?: string[];
                "-run_id"?: string[];
                "-target"?: string[];
                "-kind"?: string[];
                "-parent_execution_id"?: string[];
                "-label"?: string[];
                "-error"?: string[];
                "-failure_group"?: string[];
            };
            dry_run?: boolean;
            reason?: string;
            /** @description Idempotency id, unique within the execution */
            command_id?: string;
        };
        BulkCommandReceipt: {
            /** @description A verdict, or forbidden, malformed, unavailable or internal */
            verdict: string;
            applied: boolean;
            replayed?: boolean;
            execution_id?: string;
            /** @example 4711 */
            position?: string;
            current?: components["schemas"]["Current"];
            /** @description Beside unsupported_status: the words of the ledger */
            allowed?: ("pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled")[];
            /** @description Members of the report that were left out, and members that are none but look like ours */
            ignored?: {
                path: string;
                message: string;
            }[];
            /** @enum {string} */
            previous_status?: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            takeover?: boolean;
            attempt?: number;
            report_as?: string;
            /** @description What is left to be done: a resume starts no work */
            note?: string;
            cancelled?: boolean;
            /** @enum {boolean} */
            already_terminal?: true;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            cancelled_at?: string;
            /** @description Of a dry run: whether it would be applied now */
            would_apply?: boolean;
            error?: string;
        };
        ListPage: {
            executions: components["schemas"]["ExecutionSummary"][];
            next_cursor?: string;
            /** @description With count=true: how many there are on all pages */
            total?: number;
            /** @description False where there are more than the 10,000 of total */
            total_is_exact?: boolean;
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        ExecutionSummary: {
            execution_id: string;
            run_id: string;
            workflow_id?: string;
            parent_execution_id?: string;
            target?: string;
            kind?: string;
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            sealed: boolean;
            attempt: number;
            /** @description The id the worker of this attempt reports with */
            report_as: string;
            /** @enum {string|null} */
            authority: "operator" | "worker" | "watchdog" | null;
            status_reason?: string;
            progress?: number;
            message?: string;
            worker?: string;
            error?: string;
            error_status_code?: number;
            phase?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            completed_at?: string;
            duration_ms?: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            last_activity_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            deadline?: string;
            stale: boolean;
            silent: boolean;
            resumable: boolean;
            cancellable: boolean;
            dispatched: boolean;
            /** @description A resume opened this attempt, and no worker has taken it up */
            awaiting_worker: boolean;
            handle?: unknown;
            refused_count: number;
            anomalies: {
                regressions: number;
                dropped: number;
                conflicts: number;
                fenced: number;
                superseded: number;
            };
            revision: number;
            /** @example 4711 */
            position: string;
            /** @description The event of its stream that cannot be read on: it is shown as it stood before */
            unreadable?: {
                revision: number;
                error: string;
            };
            /** @description The members that are cut here, or left out, for they are long: whole at GET /executions/:id */
            truncated?: string[];
        };
        BatchStatus: {
            execution_ids: string[];
        };
        BatchStatusAnswer: {
            [key: string]: components["schemas"]["ExecutionSummary"] | {
                execution_id: string;
                /** @enum {string} */
                status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
                attempt: number;
                revision: number;
                truncated: "*"[];
            } | {
                execution_id: string;
                /** @enum {string} */
                status: "not_found";
            };
        };
        Execution: {
            execution_id: string;
            run_id: string;
            workflow_id?: string;
            parent_execution_id?: string;
            target?: string;
            kind?: string;
            labels: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            sealed: boolean;
            attempt: number;
            /** @description The id the worker of this attempt reports with */
            report_as: string;
            /** @enum {string|null} */
            authority: "operator" | "worker" | "watchdog" | null;
            status_reason?: string;
            progress?: number;
            message?: string;
            worker?: string;
            error?: string;
            error_status_code?: number;
            phase?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at?: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            completed_at?: string;
            duration_ms?: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            last_activity_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            deadline?: string;
            stale: boolean;
            silent: boolean;
            resumable: boolean;
            cancellable: boolean;
            dispatched: boolean;
            /** @description A resume opened this attempt, and no worker has taken it up */
            awaiting_worker: boolean;
            handle?: unknown;
            refused_count: number;
            anomalies: {
                regressions: number;
                dropped: number;
                conflicts: number;
                fenced: number;
                superseded: number;
            };
            revision: number;
            /** @example 4711 */
            position: string;
            /** @description The event of its stream that cannot be read on: it is shown as it stood before */
            unreadable?: {
                revision: number;
                error: string;
            };
            input?: unknown;
            result?: unknown;
            error_details?: unknown;
        };
        TapePage: {
            execution_id: string;
            events: components["schemas"]["TapeEvent"][];
            next_revision: number;
            head_revision: number;
            final: boolean;
        };
        TapeEvent: {
            execution_id?: string;
            revision: number;
            /** @example 4711 */
            position: string;
            event_id: string;
            type: string;
            attempt?: number;
            /** @enum {string} */
            status?: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            recorded_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            occurred_at?: string;
            reporter?: {
                actor: string;
                /** @enum {string} */
                authority: "operator" | "worker" | "watchdog";
            };
            on_behalf_of?: string;
            source?: string;
            correlation_id?: string;
            causation_id?: string;
            /** @description Where REDACT replaced a value in what was sent */
            redacted?: string[];
            data: unknown;
        };
        RefusedPage: {
            execution_id: string;
            events: components["schemas"]["RefusedEvent"][];
            next_revision: number;
            head_revision: number;
        };
        LogPage: {
            events: components["schemas"]["TapeEvent"][];
            /** @example 4711 */
            next_after: string;
            /** @example 4711 */
            head_position: string;
        };
        StatusCounts: {
            counts: {
                [key: string]: number;
            };
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        TargetHealth: {
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            from: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            to: string;
            targets: {
                target: string | null;
                /** @description How many, by status and by who stands behind it */
                outcomes: {
                    [key: string]: {
                        [key: string]: number;
                    };
                };
                /** @description Of the outcomes whose duration is known; a hundredth more or less */
                durations_ms?: {
                    count: number;
                    p50: number;
                    p95: number;
                    p99: number;
                };
                hours?: {
                    /**
                     * Format: date-time
                     * @example 2026-01-31T12:00:00.000Z
                     */
                    hour: string;
                    /** @description How many, by status and by who stands behind it */
                    outcomes: {
                        [key: string]: {
                            [key: string]: number;
                        };
                    };
                    /** @description Of the outcomes whose duration is known; a hundredth more or less */
                    durations_ms?: {
                        count: number;
                        p50: number;
                        p95: number;
                        p99: number;
                    };
                }[];
            }[];
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        FailureGroups: {
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            from: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            to: string;
            groups: {
                /** @description Lists have it as the filter failure_group */
                fingerprint: string;
                /** @description The error without what differs each time; empty where none was said */
                pattern: string;
                /** @description How many failures happened */
                count: number;
                /** @description Of how many the executions stand so now */
                standing: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                first_at: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                last_at: string;
                /** @description The five with the most of them */
                targets: string[];
                /** @description The execution that failed last of those that stand so */
                example?: string;
            }[];
            /**
             * @description There are more groups than the hundred shown
             * @enum {boolean}
             */
            truncated?: true;
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        Histogram: {
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            from: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            to: string;
            /** @enum {string} */
            interval: "1m" | "5m" | "30m" | "1h" | "1d";
            /** @enum {string} */
            by: "status" | "workflow" | "target" | "kind";
            buckets: {
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                from: string;
                /** @description Outcomes by the ten values that most of them have in the whole time */
                counts: {
                    [key: string]: number;
                };
                /** @description Outcomes of all other values */
                others?: number;
                /** @description Outcomes of executions without one */
                absent?: number;
                /** @description A hundredth more or less */
                p50_ms?: number;
                p95_ms?: number;
            }[];
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        Inbox: {
            /** @description Each kind, those without anything included; for a confined key without what is of projections */
            items: {
                /** @enum {string} */
                kind: "silent" | "contradicted" | "zombies" | "failed_and_resumable" | "waiting_for_approval" | "past_due" | "drift" | "parked_events" | "stalled_projections";
                count: number;
                /** @description False where there are more than the 10,000 of count */
                count_is_exact: boolean;
                /**
                 * Format: date-time
                 * @description The last activity of the execution that nobody heard of for longest; of drift, when it was found; of stalled projections, since when the first stands still
                 * @example 2026-01-31T12:00:00.000Z
                 */
                oldest_at?: string;
                /** @description The address that shows them */
                query: string;
            }[];
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        Tree: {
            run_id: string;
            /** @description All executions of the run; not for a confined key */
            run_counts?: {
                [key: string]: number;
            };
            root: components["schemas"]["TreeNode"];
            /**
             * @description There are more than were asked for, or than one answer shows
             * @enum {boolean}
             */
            truncated?: true;
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        TreeNode: {
            execution_id: string;
            target?: string;
            /** @description The members that are cut here */
            truncated?: string[];
            /** @enum {string} */
            status: "pending" | "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "timeout" | "cancelled";
            attempt: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            created_at: string;
            /** @description All its children, those included that are not shown */
            child_counts: {
                [key: string]: number;
            };
            children: components["schemas"]["TreeNode"][];
        };
        ProjectionList: {
            projections: components["schemas"]["Projection"][];
        };
        Projection: {
            name: string;
            version: number;
            /** @enum {string} */
            state: "live" | "paused" | "stalled";
            /** @example 4711 */
            checkpoint: string;
            /** @example 4711 */
            head: string;
            lag_events?: number;
            lag_ms: number;
            leader?: {
                pid: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                since: string;
            };
            /**
             * @description Parked events are being tried again
             * @enum {boolean}
             */
            retrying?: true;
            /** @description What a rollback goes back to */
            previous_version?: number;
            rebuild?: components["schemas"]["Rebuild"];
            verify?: components["schemas"]["Verify"];
            rollback?: components["schemas"]["Rollback"];
            parked_count: number;
            /** @description The oldest, at most 1,000 */
            parked: {
                /** @example 4711 */
                position: string;
                event_type: string;
                execution_id: string;
                error: string;
            }[];
            /** @description Rows that the patrol found not to be the fold of their stream, and has not found right since */
            drifted?: {
                rows: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                since: string;
                /** @description Those that were found first, at most 20, each with the first column that differs */
                sample: {
                    execution_id: string;
                    field: string;
                    /**
                     * Format: date-time
                     * @example 2026-01-31T12:00:00.000Z
                     */
                    found_at: string;
                }[];
            };
        };
        Rebuild: {
            /** @enum {string} */
            state: "running" | "paused" | "verifying" | "swapped" | "failed";
            /** @description The version that is made; 0 before anybody has begun */
            version: number;
            /** @enum {string} */
            phase?: "loading" | "indexing" | "catching up" | "comparing";
            /** @example 4711 */
            checkpoint: string;
            /** @description Events folded so far */
            events: number;
            /** @description As many as there will be; absent where positions count no events */
            events_total?: number;
            events_per_second: number;
            /** @description As fast as it may go */
            most_events_per_second?: number;
            eta_ms?: number;
            /** @description The session of the database that is at it */
            by?: {
                pid: number;
                name: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                since: string;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            finished_at?: string;
            error?: string;
            /** @description Rows that were compared */
            rows?: number;
            drift?: {
                rows: number;
                /** @description How often each column differs */
                fields: {
                    [key: string]: number;
                };
                /** @description The first differences, at most 20; of counters execution_id is the key */
                sample: {
                    execution_id: string;
                    field: string;
                    live: string | null;
                    rebuilt: string | null;
                }[];
            };
        };
        Verify: {
            /** @enum {string} */
            state: "running" | "paused" | "verifying" | "verified" | "failed";
            /** @description The version that is made; 0 before anybody has begun */
            version: number;
            /** @enum {string} */
            phase?: "loading" | "indexing" | "catching up" | "comparing";
            /** @example 4711 */
            checkpoint: string;
            /** @description Events folded so far */
            events: number;
            /** @description As many as there will be; absent where positions count no events */
            events_total?: number;
            events_per_second: number;
            /** @description As fast as it may go */
            most_events_per_second?: number;
            eta_ms?: number;
            /** @description The session of the database that is at it */
            by?: {
                pid: number;
                name: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                since: string;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            finished_at?: string;
            error?: string;
            /** @description How many executions were to be taken; absent: all */
            sample?: number;
            rows: number;
            drift: {
                rows: number;
                /** @description How often each column differs */
                fields: {
                    [key: string]: number;
                };
                /** @description The first differences, at most 20; of counters execution_id is the key */
                sample: {
                    execution_id: string;
                    field: string;
                    live: string | null;
                    rebuilt: string | null;
                }[];
            };
        };
        Rollback: {
            /** @enum {string} */
            state: "running" | "swapped" | "failed";
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            started_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            finished_at?: string;
            error?: string;
        };
        AskForRebuild: {
            events_per_second?: number;
        };
        AskForVerify: {
            sample?: number;
        };
        RowsPage: {
            /** @description In the order of the key; a member for each column */
            rows: ({
                /** @description Columns that are cut, or left out where they are no text */
                truncated?: string[];
            } & {
                [key: string]: unknown;
            })[];
            next_cursor?: string;
            as_of: {
                /** @example 4711 */
                position: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000Z
                 */
                at: string;
                lag_events?: number;
                lag_ms: number;
            };
        };
        OperationPage: {
            operations: components["schemas"]["Operation"][];
            /** @description Where to go on; the `after` that was asked for where there is no more */
            next_after: number;
        };
        Operation: {
            /** @description Counted from 1, in the order in which they were recorded */
            number: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000Z
             */
            recorded_at: string;
            kind: string;
            /** @description The name of the API key; "command line", or "key file" where nobody knows who changed it */
            actor: string;
            on_behalf_of?: string;
            source?: string;
            correlation_id?: string;
            /** @description What it was about: a projection and its version, the filter and the counts of a bulk, the keys */
            about: Record<string, never>;
        };
        Liveness: {
            /** @enum {string} */
            status: "live";
        };
        /** @description All but the status only for callers that may read */
        Readiness: {
            /**
             * @description read_only: the disk is too full to write, and everything else goes on
             * @enum {string}
             */
            status: "ready" | "read_only";
            /** @example 4711 */
            head?: string;
            /** @example 4711 */
            checkpoint?: string;
            projections?: {
                [key: string]: {
                    /** @enum {string} */
                    state: "live" | "paused" | "stalled";
                    /** @example 4711 */
                    checkpoint: string;
                    lag_events?: number;
                    lag_ms: number;
                };
            };
            clock?: {
                offset_ms: number;
                stamp_ahead?: {
                    ahead_ms: number;
                    /**
                     * Format: date-time
                     * @example 2026-01-31T12:00:00.000Z
                     */
                    found_at: string;
                };
            };
        };
        WhereToGo: {
            name: string;
            version: string;
            links: {
                [key: string]: string;
            };
        };
        SignIn: {
            key: string;
        };
        Session: {
            name: string;
            scopes: ("report" | "command" | "read" | "operate")[];
            /** @description What the ids begin with that it is confined to, and a * */
            ids?: string;
            /**
             * Format: date-time
             * @description Absent where the key itself came, or there are no keys
             * @example 2026-01-31T12:00:00.000Z
             */
            expires_at?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ReportsController_event: {
        parameters: {
            query?: {
                /** @description Refuses a report with members that are none, and names them */
                strict?: boolean;
            };
            header?: {
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "execution_id": "build-7",
                 *       "status": "running",
                 *       "target": "ci.build",
                 *       "worker": "runner-3"
                 *     }
                 */
                "application/json": components["schemas"]["EventReport"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "updated": true,
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["EventAnswer"];
                };
            };
        };
    };
    ReportsController_status: {
        parameters: {
            query?: {
                /** @description Refuses a report with members that are none, and names them */
                strict?: boolean;
            };
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "running",
                 *       "worker": "runner-3"
                 *     }
                 */
                "application/json": components["schemas"]["StatusReport"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "run_id": "nightly",
                     *       "workflow_id": "nightly",
                     *       "target": "ci.build",
                     *       "kind": "job",
                     *       "labels": {
                     *         "branch": "main"
                     *       },
                     *       "status": "running",
                     *       "sealed": false,
                     *       "attempt": 1,
                     *       "report_as": "build-7~1",
                     *       "authority": null,
                     *       "progress": 40,
                     *       "message": "compiling",
                     *       "created_at": "2026-11-21T11:40:40.745Z",
                     *       "started_at": "2026-11-21T11:40:40.745Z",
                     *       "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *       "stale": false,
                     *       "silent": false,
                     *       "resumable": false,
                     *       "cancellable": true,
                     *       "dispatched": true,
                     *       "awaiting_worker": false,
                     *       "refused_count": 0,
                     *       "anomalies": {
                     *         "regressions": 0,
                     *         "dropped": 0,
                     *         "conflicts": 0,
                     *         "fenced": 0,
                     *         "superseded": 0
                     *       },
                     *       "revision": 1,
                     *       "position": "14",
                     *       "input": {
                     *         "commit": "9f2c1e"
                     *       },
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["StrictAnswer"];
                };
            };
        };
    };
    ReportsController_progress: {
        parameters: {
            query?: {
                /** @description Refuses a report with members that are none, and names them */
                strict?: boolean;
            };
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "progress": 40,
                 *       "message": "compiling"
                 *     }
                 */
                "application/json": components["schemas"]["ProgressReport"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "run_id": "nightly",
                     *       "workflow_id": "nightly",
                     *       "target": "ci.build",
                     *       "kind": "job",
                     *       "labels": {
                     *         "branch": "main"
                     *       },
                     *       "status": "running",
                     *       "sealed": false,
                     *       "attempt": 1,
                     *       "report_as": "build-7~1",
                     *       "authority": null,
                     *       "progress": 40,
                     *       "message": "compiling",
                     *       "created_at": "2026-11-21T11:40:40.745Z",
                     *       "started_at": "2026-11-21T11:40:40.745Z",
                     *       "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *       "stale": false,
                     *       "silent": false,
                     *       "resumable": false,
                     *       "cancellable": true,
                     *       "dispatched": true,
                     *       "awaiting_worker": false,
                     *       "refused_count": 0,
                     *       "anomalies": {
                     *         "regressions": 0,
                     *         "dropped": 0,
                     *         "conflicts": 0,
                     *         "fenced": 0,
                     *         "superseded": 0
                     *       },
                     *       "revision": 1,
                     *       "position": "14",
                     *       "input": {
                     *         "commit": "9f2c1e"
                     *       },
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["StrictAnswer"];
                };
            };
        };
    };
    ReportsController_heartbeat: {
        parameters: {
            query?: {
                /** @description Refuses a report with members that are none, and names them */
                strict?: boolean;
            };
            header?: {
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "worker": "runner-3"
                 *     }
                 */
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       },
                     *       "cancelled": false
                     *     }
                     */
                    "application/json": components["schemas"]["HeartbeatAnswer"];
                };
            };
        };
    };
    BulkReportsController_reports: {
        parameters: {
            query?: {
                /** @description Refuses a report with members that are none, and names them */
                strict?: boolean;
            };
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       {
                 *         "execution_id": "build-7",
                 *         "status": "running",
                 *         "target": "ci.build",
                 *         "worker": "runner-3"
                 *       }
                 *     ]
                 */
                "application/json": components["schemas"]["EventReport"][];
                /** @example {"execution_id":"build-7","status":"running","target":"ci.build","worker":"runner-3"} */
                "application/x-ndjson": components["schemas"]["EventReport"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"line":1,"verdict":"applied","applied":true,"execution_id":"build-7","position":"14","current":{"status":"running","attempt":1,"authority":null,"sealed":false,"dispatched":true,"revision":1}} */
                    "application/x-ndjson": components["schemas"]["BulkReceipt"];
                };
            };
        };
    };
    SourcesController_github: {
        parameters: {
            query?: never;
            header: {
                /** @description The kind of the delivery */
                "X-GitHub-Event": string;
                /** @description The id of the delivery */
                "X-GitHub-Delivery"?: string;
                /** @description The HMAC of the body by the secret, where the ledger has one */
                "X-Hub-Signature-256"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "build-7",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    SourcesController_gitlab: {
        parameters: {
            query?: never;
            header: {
                /** @description The kind of the delivery */
                "X-Gitlab-Event": string;
                /** @description The secret token of the webhook, where the ledger has one */
                "X-Gitlab-Token"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "gitlab-pipeline-31",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    SourcesController_webhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the delivery */
                "webhook-id": string;
                /** @description When it was sent, in seconds since 1970: within five minutes of now */
                "webhook-timestamp"?: string;
                /** @description Signatures of it by Standard Webhooks, where the ledger has secrets */
                "webhook-signature"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "openai-resp_abc123",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    SourcesController_lineage: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "openlineage-019127de-fd25-7707-bfa4-3ec02693a531",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    SourcesController_cloudEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "build-7",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    SourcesController_mayBeDeliveredTo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    SourcesController_traces: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipts": [
                     *         {
                     *           "verdict": "applied",
                     *           "applied": true,
                     *           "execution_id": "otel-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174",
                     *           "position": "14",
                     *           "current": {
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "authority": null,
                     *             "sealed": false,
                     *             "dispatched": true,
                     *             "revision": 1
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SourceAnswer"];
                };
            };
        };
    };
    ExecutionsController_list: {
        parameters: {
            query?: {
                status?: string[];
                workflow_id?: string;
                run_id?: string;
                target?: string;
                kind?: string;
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                parent_execution_id?: string;
                label?: string[];
                /** @description Text that its error holds within the first 1,000 characters, in upper or lower case */
                error?: string;
                /** @description The fingerprint of the group of failures that it stands in */
                failure_group?: string;
                q?: string;
                resumable?: boolean;
                stale?: boolean;
                silent?: boolean;
                /** @description A duration such as 10m: silent for longer than that */
                silent_for?: string;
                dispatched?: boolean;
                awaiting_worker?: boolean;
                cancellable?: boolean;
                /** @description An outcome that somebody should look at: a success beside an error or by a word that casts doubt on it, or what its worker contradicted */
                doubt?: boolean;
                /** @description Not sealed, and a worker of an older attempt reported while the current one stood */
                zombie?: boolean;
                /** @description Open, and its deadline has passed: it waits, is paused, or is about to be timed out */
                past_due?: boolean;
                refused?: boolean;
                attempt_above?: number;
                created_after?: string;
                created_before?: string;
                started_after?: string;
                started_before?: string;
                completed_after?: string;
                completed_before?: string;
                last_activity_after?: string;
                last_activity_before?: string;
                "-status"?: string[];
                "-workflow_id"?: string[];
                "-run_id"?: string[];
                "-target"?: string[];
                "-kind"?: string[];
                "-parent_execution_id"?: string[];
                "-label"?: string[];
                "-error"?: string[];
                "-failure_group"?: string[];
                sort?: "-created_at" | "created_at" | "-started_at" | "started_at" | "-completed_at" | "completed_at" | "-last_activity_at" | "last_activity_at" | "-duration_ms" | "duration_ms";
                limit?: number;
                cursor?: string;
                /** @description Whether those on all pages are counted, exactly up to 10,000 */
                count?: boolean;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "executions": [
                     *         {
                     *           "execution_id": "build-7",
                     *           "run_id": "nightly",
                     *           "workflow_id": "nightly",
                     *           "target": "ci.build",
                     *           "kind": "job",
                     *           "labels": {
                     *             "branch": "main"
                     *           },
                     *           "status": "running",
                     *           "sealed": false,
                     *           "attempt": 1,
                     *           "report_as": "build-7~1",
                     *           "authority": null,
                     *           "progress": 40,
                     *           "message": "compiling",
                     *           "created_at": "2026-11-21T11:40:40.745Z",
                     *           "started_at": "2026-11-21T11:40:40.745Z",
                     *           "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *           "stale": false,
                     *           "silent": false,
                     *           "resumable": false,
                     *           "cancellable": true,
                     *           "dispatched": true,
                     *           "awaiting_worker": false,
                     *           "refused_count": 0,
                     *           "anomalies": {
                     *             "regressions": 0,
                     *             "dropped": 0,
                     *             "conflicts": 0,
                     *             "fenced": 0,
                     *             "superseded": 0
                     *           },
                     *           "revision": 1,
                     *           "position": "14"
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ListPage"];
                };
            };
        };
    };
    CommandsController_register: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "execution_id": "build-7",
                 *       "target": "ci.build",
                 *       "input": {
                 *         "commit": "9f2c1e"
                 *       },
                 *       "timeout_ms": 600000
                 *     }
                 */
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "run_id": "nightly",
                     *       "workflow_id": "nightly",
                     *       "target": "ci.build",
                     *       "kind": "job",
                     *       "labels": {
                     *         "branch": "main"
                     *       },
                     *       "status": "running",
                     *       "sealed": false,
                     *       "attempt": 1,
                     *       "report_as": "build-7~1",
                     *       "authority": null,
                     *       "progress": 40,
                     *       "message": "compiling",
                     *       "created_at": "2026-11-21T11:40:40.745Z",
                     *       "started_at": "2026-11-21T11:40:40.745Z",
                     *       "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *       "stale": false,
                     *       "silent": false,
                     *       "resumable": false,
                     *       "cancellable": true,
                     *       "dispatched": true,
                     *       "awaiting_worker": false,
                     *       "refused_count": 0,
                     *       "anomalies": {
                     *         "regressions": 0,
                     *         "dropped": 0,
                     *         "conflicts": 0,
                     *         "fenced": 0,
                     *         "superseded": 0
                     *       },
                     *       "revision": 1,
                     *       "position": "14",
                     *       "input": {
                     *         "commit": "9f2c1e"
                     *       },
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["StrictAnswer"];
                };
            };
        };
    };
    CommandsController_dispatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "handle": {
                 *         "pod": "runner-3"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Dispatch"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "queued",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Receipt"];
                };
            };
        };
    };
    CommandsController_abort: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "phase": "staging",
                 *       "error": "no node"
                 *     }
                 */
                "application/json": components["schemas"]["Abort"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "failed",
                     *         "attempt": 1,
                     *         "authority": "operator",
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Receipt"];
                };
            };
        };
    };
    CommandsController_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "disk enlarged"
                 *     }
                 */
                "application/json": components["schemas"]["Resume"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "running",
                     *         "attempt": 2,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": false,
                     *         "revision": 1
                     *       },
                     *       "previous_status": "failed",
                     *       "takeover": false,
                     *       "attempt": 2,
                     *       "report_as": "build-7~2",
                     *       "note": "The ledger starts no work: start it, and have its worker report with the id in report_as"
                     *     }
                     */
                    "application/json": components["schemas"]["ResumeAnswer"];
                };
            };
        };
    };
    CommandsController_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "maintenance"
                 *     }
                 */
                "application/json": components["schemas"]["Pause"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "paused",
                     *         "attempt": 1,
                     *         "authority": null,
                     *         "sealed": false,
                     *         "dispatched": true,
                     *         "revision": 1
                     *       },
                     *       "previous_status": "running",
                     *       "paused_at": "2026-11-21T11:40:40.825Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PauseAnswer"];
                };
            };
        };
    };
    CommandsController_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only at this revision of the execution, or one of a list; * asks only that it exists */
                "If-Match"?: string;
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "over",
                 *       "cascade": true
                 *     }
                 */
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verdict": "applied",
                     *       "applied": true,
                     *       "execution_id": "build-7",
                     *       "position": "14",
                     *       "current": {
                     *         "status": "cancelled",
                     *         "attempt": 1,
                     *         "authority": "operator",
                     *         "sealed": true,
                     *         "dispatched": true,
                     *         "revision": 2
                     *       },
                     *       "cancelled": true,
                     *       "previous_status": "running",
                     *       "cancelled_at": "2026-11-21T11:40:40.825Z",
                     *       "children": []
                     *     }
                     */
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
        };
    };
    BulkCommandsController_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "workflow_id": "nightly",
                 *         "status": [
                 *           "failed"
                 *         ]
                 *       },
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["Bulk"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"verdict":"applied","applied":false,"execution_id":"build-7","position":"14","current":{"status":"running","attempt":1,"authority":null,"sealed":false,"dispatched":true,"revision":1},"would_apply":true} */
                    "application/x-ndjson": components["schemas"]["BulkCommandReceipt"];
                };
            };
        };
    };
    BulkCommandsController_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of this request, as event_id or command_id in its body: sent again it is answered again */
                "Idempotency-Key"?: string;
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filter": {
                 *         "workflow_id": "nightly",
                 *         "status": [
                 *           "failed"
                 *         ]
                 *       },
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["Bulk"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"verdict":"applied","applied":false,"execution_id":"build-7","position":"14","current":{"status":"running","attempt":1,"authority":null,"sealed":false,"dispatched":true,"revision":1},"would_apply":true} */
                    "application/x-ndjson": components["schemas"]["BulkCommandReceipt"];
                };
            };
        };
    };
    ExecutionsController_batchStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "execution_ids": [
                 *         "build-7",
                 *         "nobody"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BatchStatus"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "build-7": {
                     *         "execution_id": "build-7",
                     *         "run_id": "nightly",
                     *         "workflow_id": "nightly",
                     *         "target": "ci.build",
                     *         "kind": "job",
                     *         "labels": {
                     *           "branch": "main"
                     *         },
                     *         "status": "running",
                     *         "sealed": false,
                     *         "attempt": 1,
                     *         "report_as": "build-7~1",
                     *         "authority": null,
                     *         "progress": 40,
                     *         "message": "compiling",
                     *         "created_at": "2026-11-21T11:40:40.745Z",
                     *         "started_at": "2026-11-21T11:40:40.745Z",
                     *         "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *         "stale": false,
                     *         "silent": false,
                     *         "resumable": false,
                     *         "cancellable": true,
                     *         "dispatched": true,
                     *         "awaiting_worker": false,
                     *         "refused_count": 0,
                     *         "anomalies": {
                     *           "regressions": 0,
                     *           "dropped": 0,
                     *           "conflicts": 0,
                     *           "fenced": 0,
                     *           "superseded": 0
                     *         },
                     *         "revision": 1,
                     *         "position": "14"
                     *       },
                     *       "nobody": {
                     *         "execution_id": "nobody",
                     *         "status": "not_found"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["BatchStatusAnswer"];
                };
            };
        };
    };
    ExecutionsController_one: {
        parameters: {
            query?: {
                until?: "terminal";
                wait_for?: string;
                wait_ms?: number;
            };
            header?: {
                /** @description The ETag of an answer that the caller has: 304 where it still stands */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "run_id": "nightly",
                     *       "workflow_id": "nightly",
                     *       "target": "ci.build",
                     *       "kind": "job",
                     *       "labels": {
                     *         "branch": "main"
                     *       },
                     *       "status": "running",
                     *       "sealed": false,
                     *       "attempt": 1,
                     *       "report_as": "build-7~1",
                     *       "authority": null,
                     *       "progress": 40,
                     *       "message": "compiling",
                     *       "created_at": "2026-11-21T11:40:40.745Z",
                     *       "started_at": "2026-11-21T11:40:40.745Z",
                     *       "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *       "stale": false,
                     *       "silent": false,
                     *       "resumable": false,
                     *       "cancellable": true,
                     *       "dispatched": true,
                     *       "awaiting_worker": false,
                     *       "refused_count": 0,
                     *       "anomalies": {
                     *         "regressions": 0,
                     *         "dropped": 0,
                     *         "conflicts": 0,
                     *         "fenced": 0,
                     *         "superseded": 0
                     *       },
                     *       "revision": 1,
                     *       "position": "14",
                     *       "input": {
                     *         "commit": "9f2c1e"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Execution"];
                };
            };
        };
    };
    ExecutionsController_tape: {
        parameters: {
            query?: {
                from_revision?: number;
                limit?: number;
                wait_ms?: number;
            };
            header?: {
                /** @description The ETag of an answer that the caller has: 304 where it still stands */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "events": [
                     *         {
                     *           "revision": 1,
                     *           "position": "14",
                     *           "event_id": "01a1fde8-9846-722c-9596-12aa699ffbaa",
                     *           "type": "ExecutionStarted",
                     *           "attempt": 1,
                     *           "status": "running",
                     *           "recorded_at": "2026-11-21T11:40:40.745Z",
                     *           "reporter": {
                     *             "actor": "ci",
                     *             "authority": "worker"
                     *           },
                     *           "source": "status",
                     *           "data": {
                     *             "attempt": 1,
                     *             "worker": "runner-3"
                     *           }
                     *         }
                     *       ],
                     *       "next_revision": 2,
                     *       "head_revision": 1,
                     *       "final": false
                     *     }
                     */
                    "application/json": components["schemas"]["TapePage"];
                };
            };
        };
    };
    ExecutionsController_refused: {
        parameters: {
            query?: {
                from_revision?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "events": [
                     *         {
                     *           "revision": 0,
                     *           "position": "15",
                     *           "event_id": "01a1fde8-980d-7601-9926-d62e93ceffb1",
                     *           "type": "ReportRefused",
                     *           "attempt": 1,
                     *           "recorded_at": "2026-11-21T11:40:40.825Z",
                     *           "reporter": {
                     *             "actor": "ci",
                     *             "authority": "worker"
                     *           },
                     *           "source": "events",
                     *           "verdict": "conflict",
                     *           "against": {
                     *             "status": "succeeded",
                     *             "attempt": 1,
                     *             "authority": "worker",
                     *             "revision": 2
                     *           },
                     *           "data": {
                     *             "report": {
                     *               "execution_id": "build-7",
                     *               "status": "failed"
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "next_revision": 1,
                     *       "head_revision": 0
                     *     }
                     */
                    "application/json": components["schemas"]["RefusedPage"];
                };
            };
        };
    };
    ExecutionsController_state: {
        parameters: {
            query?: {
                at_revision?: number;
                at_time?: string;
            };
            header?: {
                /** @description The ETag of an answer that the caller has: 304 where it still stands */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "execution_id": "build-7",
                     *       "run_id": "nightly",
                     *       "workflow_id": "nightly",
                     *       "target": "ci.build",
                     *       "kind": "job",
                     *       "labels": {
                     *         "branch": "main"
                     *       },
                     *       "status": "succeeded",
                     *       "sealed": true,
                     *       "attempt": 1,
                     *       "report_as": "build-7~1",
                     *       "authority": "worker",
                     *       "progress": 40,
                     *       "message": "compiling",
                     *       "created_at": "2026-11-21T11:40:40.745Z",
                     *       "started_at": "2026-11-21T11:40:40.745Z",
                     *       "last_activity_at": "2026-11-21T11:40:40.825Z",
                     *       "stale": false,
                     *       "silent": false,
                     *       "resumable": false,
                     *       "cancellable": false,
                     *       "dispatched": true,
                     *       "awaiting_worker": false,
                     *       "refused_count": 0,
                     *       "anomalies": {
                     *         "regressions": 0,
                     *         "dropped": 0,
                     *         "conflicts": 0,
                     *         "fenced": 0,
                     *         "superseded": 0
                     *       },
                     *       "revision": 2,
                     *       "position": "14",
                     *       "input": {
                     *         "commit": "9f2c1e"
                     *       },
                     *       "completed_at": "2026-11-21T11:40:40.825Z",
                     *       "duration_ms": 80,
                     *       "result": {
                     *         "answer": 42
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Execution"];
                };
            };
        };
    };
    LogController_log: {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "events": [
                     *         {
                     *           "execution_id": "build-7",
                     *           "revision": 1,
                     *           "position": "14",
                     *           "event_id": "01a1fde8-9846-722c-9596-12aa699ffbaa",
                     *           "type": "ExecutionStarted",
                     *           "attempt": 1,
                     *           "status": "running",
                     *           "recorded_at": "2026-11-21T11:40:40.745Z",
                     *           "reporter": {
                     *             "actor": "ci",
                     *             "authority": "worker"
                     *           },
                     *           "source": "status",
                     *           "data": {
                     *             "attempt": 1,
                     *             "worker": "runner-3"
                     *           }
                     *         }
                     *       ],
                     *       "next_after": "14",
                     *       "head_position": "142"
                     *     }
                     */
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    StreamController_stream: {
        parameters: {
            query?: {
                after?: string;
            };
            header?: {
                /** @description The last id that was received; goes before `after` */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events: `execution`, its id a position to come back with, its data an ExecutionSummary; `closed`, its data why the ledger ends the stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 14
                     *     event: execution
                     *     data: {"execution_id":"build-7","status":"running", …}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    SummariesController_counts: {
        parameters: {
            query?: {
                workflow_id?: string;
                target?: string;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "counts": {
                     *         "pending": 0,
                     *         "queued": 1,
                     *         "running": 2,
                     *         "waiting": 0,
                     *         "paused": 0,
                     *         "succeeded": 41,
                     *         "failed": 3,
                     *         "timeout": 1,
                     *         "cancelled": 0
                     *       },
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["StatusCounts"];
                };
            };
        };
    };
    SummariesController_health: {
        parameters: {
            query?: {
                target?: string;
                from?: string;
                to?: string;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-11-20T12:00:00.000Z",
                     *       "to": "2026-11-21T12:00:00.000Z",
                     *       "targets": [
                     *         {
                     *           "target": "ci.build",
                     *           "outcomes": {
                     *             "succeeded": {
                     *               "worker": 41
                     *             },
                     *             "timeout": {
                     *               "watchdog": 1
                     *             }
                     *           },
                     *           "durations_ms": {
                     *             "count": 42,
                     *             "p50": 80,
                     *             "p95": 310,
                     *             "p99": 940
                     *           }
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TargetHealth"];
                };
            };
        };
    };
    SummariesController_failures: {
        parameters: {
            query?: {
                status?: ("failed" | "timeout")[];
                workflow_id?: string;
                target?: string;
                kind?: string;
                from?: string;
                to?: string;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-11-20T12:00:00.000Z",
                     *       "to": "2026-11-21T12:00:00.000Z",
                     *       "groups": [
                     *         {
                     *           "fingerprint": "1f7a2b90c4de8836",
                     *           "pattern": "connection refused by host-<n>",
                     *           "count": 17,
                     *           "standing": 3,
                     *           "first_at": "2026-11-21T03:12:00.000Z",
                     *           "last_at": "2026-11-21T03:58:00.000Z",
                     *           "targets": [
                     *             "ci.build"
                     *           ],
                     *           "example": "build-7"
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["FailureGroups"];
                };
            };
        };
    };
    SummariesController_histogram: {
        parameters: {
            query?: {
                interval?: "1m" | "5m" | "30m" | "1h" | "1d";
                by?: "status" | "workflow" | "target" | "kind";
                status?: string[];
                "-status"?: string[];
                workflow_id?: string;
                target?: string;
                kind?: string;
                from?: string;
                to?: string;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-11-21T11:00:00.000Z",
                     *       "to": "2026-11-21T13:00:00.000Z",
                     *       "interval": "1h",
                     *       "by": "status",
                     *       "buckets": [
                     *         {
                     *           "from": "2026-11-21T11:00:00.000Z",
                     *           "counts": {
                     *             "succeeded": 41,
                     *             "timeout": 1
                     *           },
                     *           "p50_ms": 80,
                     *           "p95_ms": 310
                     *         },
                     *         {
                     *           "from": "2026-11-21T12:00:00.000Z",
                     *           "counts": {}
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Histogram"];
                };
            };
        };
    };
    SummariesController_inbox: {
        parameters: {
            query?: {
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "kind": "silent",
                     *           "count": 2,
                     *           "count_is_exact": true,
                     *           "oldest_at": "2026-11-21T11:40:40.745Z",
                     *           "query": "/api/v1/executions?silent=true&sort=last_activity_at"
                     *         },
                     *         {
                     *           "kind": "drift",
                     *           "count": 0,
                     *           "count_is_exact": true,
                     *           "query": "/api/v1/projections"
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Inbox"];
                };
            };
        };
    };
    SummariesController_tree: {
        parameters: {
            query?: {
                depth?: number;
                limit?: number;
                wait_for?: string;
                wait_ms?: number;
            };
            header?: never;
            path: {
                /** @description Execution id, 1–255 characters; a trailing ~<n> names the attempt */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "run_id": "nightly",
                     *       "run_counts": {
                     *         "running": 2
                     *       },
                     *       "root": {
                     *         "target": "ci.build",
                     *         "status": "running",
                     *         "attempt": 1,
                     *         "created_at": "2026-11-21T11:40:40.745Z",
                     *         "child_counts": {
                     *           "running": 1
                     *         },
                     *         "children": [
                     *           {
                     *             "execution_id": "test-8",
                     *             "target": "ci.test",
                     *             "status": "running",
                     *             "attempt": 1,
                     *             "created_at": "2026-11-21T11:40:40.745Z",
                     *             "child_counts": {},
                     *             "children": []
                     *           }
                     *         ],
                     *         "execution_id": "build-7"
                     *       },
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Tree"];
                };
            };
        };
    };
    ProjectionsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "projections": [
                     *         {
                     *           "name": "execution-status",
                     *           "version": 7,
                     *           "state": "live",
                     *           "checkpoint": "142",
                     *           "head": "142",
                     *           "lag_events": 0,
                     *           "lag_ms": 0,
                     *           "leader": {
                     *             "pid": 4711,
                     *             "since": "2026-11-21T08:00:00.000Z"
                     *           },
                     *           "parked_count": 0,
                     *           "parked": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ProjectionList"];
                };
            };
        };
    };
    ProjectionsController_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_rebuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events_per_second": 5000
                 *     }
                 */
                "application/json": components["schemas"]["AskForRebuild"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_verify: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sample": 1000
                 *     }
                 */
                "application/json": components["schemas"]["AskForVerify"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_rollback: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_prune: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionsController_retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf; kept as on_behalf_of */
                "X-Actor-ID"?: string;
                /** @description Kept as correlation_id */
                "X-Correlation-ID"?: string;
                /** @description Its trace id is kept as correlation_id where X-Correlation-ID is missing */
                traceparent?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-status",
                     *       "version": 7,
                     *       "state": "live",
                     *       "checkpoint": "142",
                     *       "head": "142",
                     *       "lag_events": 0,
                     *       "lag_ms": 0,
                     *       "leader": {
                     *         "pid": 4711,
                     *         "since": "2026-11-21T08:00:00.000Z"
                     *       },
                     *       "parked_count": 0,
                     *       "parked": []
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    ProjectionRowsController_rows: {
        parameters: {
            query?: {
                /** @description Columns where nobody said anything: those that hold null */
                absent?: string[];
                limit?: number;
                cursor?: string;
                wait_for?: string;
                wait_ms?: number;
                /** @description Columns by their names, each with the value that its rows have */
                column?: {
                    [key: string]: string;
                };
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rows": [
                     *         {
                     *           "scope": "each",
                     *           "workflow_id": "nightly",
                     *           "target": "ci.build",
                     *           "status": "running",
                     *           "count": 2
                     *         }
                     *       ],
                     *       "as_of": {
                     *         "position": "142",
                     *         "at": "2026-11-21T11:40:40.825Z",
                     *         "lag_events": 0,
                     *         "lag_ms": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RowsPage"];
                };
            };
        };
    };
    OperationLogController_operations: {
        parameters: {
            query?: {
                actor?: string;
                kind?: "projection_rebuild" | "projection_verify" | "projection_pause" | "projection_resume" | "projection_rollback" | "projection_prune" | "projection_retry" | "bulk_resume" | "bulk_cancel" | "keys_change";
                after?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "operations": [
                     *         {
                     *           "number": 1,
                     *           "recorded_at": "2026-11-21T11:40:40.745Z",
                     *           "kind": "bulk_cancel",
                     *           "actor": "ops",
                     *           "on_behalf_of": "Ada",
                     *           "source": "bulk_cancel",
                     *           "about": {
                     *             "filter": {
                     *               "run_id": "nightly"
                     *             },
                     *             "reason": "over",
                     *             "counts": {
                     *               "applied": 12
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "next_after": 1
                     *     }
                     */
                    "application/json": components["schemas"]["OperationPage"];
                };
            };
        };
    };
    OperationsController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    OperationsController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready",
                     *       "head": "142",
                     *       "checkpoint": "142",
                     *       "projections": {
                     *         "execution-status": {
                     *           "state": "live",
                     *           "checkpoint": "142",
                     *           "lag_events": 0,
                     *           "lag_ms": 0
                     *         }
                     *       },
                     *       "clock": {
                     *         "offset_ms": 0.4
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    OperationsController_scrape: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example ledger_verdicts_total{source="events",verdict="applied",replayed="no"} 42 */
                    "text/plain": string;
                };
            };
        };
    };
    RootController_root: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "execution-ledger",
                     *       "version": "0.1.0",
                     *       "links": {
                     *         "docs": "/docs",
                     *         "openapi": "/docs/openapi.json"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WhereToGo"];
                };
            };
        };
    };
    SessionController_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A problem (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "dana",
                     *       "scopes": [
                     *         "command",
                     *         "read"
                     *       ],
                     *       "expires_at": "2026-11-21T23:40:40.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    SessionController_signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "<an API key>"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description A problem (RFC 9457) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Success */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "dana",
                     *       "scopes": [
                     *         "command",
                     *         "read"
                     *       ],
                     *       "expires_at": "2026-11-21T23:40:40.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    SessionController_signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The browser forgets the session */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
