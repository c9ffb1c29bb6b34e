import type { Status } from './status.js';

/** What a producer's word comes to. No status: news of an execution that goes on. */
export interface Meaning {
  readonly status?: Status;
  /** The word itself, where it says more than its status. */
  readonly reason?: string;
  /** A success that the word itself casts doubt on. */
  readonly doubt?: true;
}

/** Words of one meaning. */
export interface Entry {
  readonly status?: Status;
  readonly reason: boolean;
  readonly doubt?: true;
  readonly words: readonly string[];
}

const entry = (status: Status | undefined, kind: 'plain' | 'telling' | 'doubtful', text: string): Entry => ({
  ...(status === undefined ? {} : { status }),
  reason: kind !== 'plain',
  ...(kind === 'doubtful' ? { doubt: true } : {}),
  words: text.trim().split(/\s+/),
});

/**
 * Every word that is understood, in its one form; docs/semantics.md prints them. A word that says more than its status is
 * kept as the reason where the status stands until the next one: on the way there (pending, queued, running) a phase passes
 * without anybody saying so, and a reason would stand for longer than it is true.
 */
export const WORDS: readonly Entry[] = [
  entry(
    'pending',
    'plain',
    `pending created new creating init initialized initialised initializing initialising not_started unstarted requested
    registered planned pend prep new_saving setup_pending job_state_stopped`,
  ),
  entry(
    'queued',
    'plain',
    `queued wait scheduled enqueued submitted received assigned delayed available accepted acknowledged ready runnable
    queueing queuing in_queue scheduling submitting dispatching dispatched dequeued prioritized provisioning activating
    preparing configuring booting picked picked_up late postponed buffered idle acquired staged setup_done not_running
    limited limiting platform_limited platform_limiting requeued resubmitted rescheduled unblocked waiting_for_resource
    waiting_for_resources resource_waiting waiting_for_agent container_creating pod_initializing`,
  ),
  entry(
    'running',
    'plain',
    `running in_progress processing started active executing working start starting building retrying run ongoing progress
    progressing busy open restart restarting restarted reattempting relaunching resumed recovering updating
    resizing reconciling reloading planning training evaluating downloading uploading preparing_training_stack
    launching_ml_instances downloading_training_image bootstrapping validating validating_files finalizing
    post_processing stage_out transferring transferring_output batch_running dynamic_running running_with_error
    rolling_back syncing applying fetching wait_step_running setup`,
  ),
  entry('waiting', 'plain', `waiting awaiting_approval awaiting_human approval_pending awaiting`),
  entry(
    'waiting',
    'telling',
    `blocked deferred manual requires_action action_required input_required awaiting_input waiting_for_input input_waiting
    auth_required interrupted approval_waiting waiting_for_approval pending_approval needs_approval needs_review in_review
    human_review intervention_waiting paused_pending_input waiting_for_callback waiting_for_dependencies
    waiting_on_dependencies waiting_for_prerequisites waiting_children waiting_for_children async_waiting task_waiting
    timed_waiting waiting_for_event waiting_for_signal waiting_for_deploy pending_version waiting_to_resume
    awaiting_concurrency_slot up_for_retry up_for_reschedule awaiting_retry waiting_for_retry retry retryable
    retry_scheduled pending_retry pending_rerun pending_redrive to_be_retried retrying_after_failure attempt_failure
    backoff crash_loop_back_off image_pull_back_off err_image_pull held special_exit requeue_hold resv_del_hold
    psusp ususp ssusp breakpoint frozen stalled stuck sensing`,
  ),
  entry('paused', 'plain', `paused pause hold on_hold suspended suspend`),
  entry('paused', 'telling', `paused_blocked paused_with_error suspended_with_error prep_suspended prep_paused on_ice`),
  entry(
    'succeeded',
    'plain',
    `succeeded success successful completed complete done ok finished finish passed pass passing succeed processed executed
    fulfilled resolved stable completed_successfully successfully_completed finished_successfully ended_ok applied`,
  ),
  entry(
    'succeeded',
    'telling',
    `skipped skip neutral cached fixed no_op no_change no_changes unchanged up_to_date reused recovered memoized
    retrieved deduplicated omitted ignored excluded disabled bypassed not_built not_run not_executed unexecuted did_not_run
    not_applicable not_needed no_tests planned_and_finished drained job_state_updated continued_as_new redirected forced_success
    marked_success expected_failure xfail xfailed rescued changed setup_complete`,
  ),
  entry(
    'succeeded',
    'doubtful',
    `unstable warning warnings warn warned partial partial_success partially_succeeded partially_successful
    partially_completed partially_complete completed_with_error completed_with_errors completed_with_failures
    completed_with_failed_tasks completed_with_warnings completed_with_issues succeeded_with_issues succeeded_with_errors
    succeeded_with_failures succeeded_with_warnings success_with_errors success_with_failures success_with_warnings
    success_with_issues success_with_info passed_with_warnings finished_with_errors finished_with_warnings done_with_errors
    done_with_error soft_failed allowed_failure ignore_failed failed_succeeded failed_but_continued degraded flaky xpass
    xpassed ended`,
  ),
  entry('failed', 'plain', `failed error errored failure fail failures unsuccessful`),
  entry(
    'failed',
    'telling',
    `crashed crash killed kill dead discarded out_of_memory oom oom_killed node_fail node_lost upstream_failed upstream_error
    system_failure internal_error system_error infrastructure_fail infrastructure_failure infrastructure_error boot_fail
    launch_failed start_failed start_error startup_failure failed_to_start submission_failed build_failed setup_failed
    launch_failure script_failure runner_system_failure stuck_or_timeout_failure client_error driver_error cluster_error
    runtime_error exception fault faulted fatal panic panicked broken waiting_failed blocked_failed unblocked_failed
    dependency_failed dependency_failure backoff_limit_exceeded image_pull_failed container_cannot_run evicted
    upstream_evicted preempted lost zombie zombi unreachable disconnected terminated_unknown terminated_with_errors
    terminated_with_error failed_with_error failed_with_incident failed_with_terminal_error failed_with_retry
    failed_continue failed_and_auto_suspended terminal error_thrown incomplete invalid rejected approval_rejected
    unauthorized missed retried rolled_back partially_failed exit ended_not_ok dead_letter dead_lettered
    retries_exhausted exhausted maximum_concurrent_runs_reached non_zero_exit poisoned`,
  ),
  entry('timeout', 'plain', `timeout timed_out`),
  entry(
    'timeout',
    'telling',
    `expired deadline deadline_exceeded stale max_runtime_exceeded max_wait_time_exceeded time_limit_exceeded
    walltime_exceeded execution_timeout job_execution_timeout heartbeat_timeout task_run_timeout pipeline_run_timeout`,
  ),
  entry('cancelled', 'plain', `cancelled canceled cancel`),
  entry(
    'cancelled',
    'telling',
    `aborted abort terminated revoked stopped stop abandoned removed deleted dismissed superseded withdrawn declined denied
    discontinued halted upstream_canceled upstream_cancelled user_canceled user_cancelled cancelled_by_user
    canceled_by_user force_canceled force_cancelled externally_terminated internally_terminated aborted_by_freeze
    task_run_cancelled pipeline_run_cancelled`,
  ),
  entry(
    undefined,
    'telling',
    `cancelling canceling cancel_requested cancel_pending cancel_started cancellation_requested cancellation_in_progress
    pending_cancellation pending_cancel abort_requested stop_requested aborting failing failed_finishing failure_target
    succeeding success_criteria_met completing finishing terminating stopping stopping_finally killing deleting
    deletion_in_progress shutdown shutting_down deactivating deprovisioning draining exiting closing timing_out pausing
    suspending resuming preempting signaling discontinuing invalidating resource_cleaning_up cancelled_running_finally
    stopped_running_finally pipeline_run_stopping`,
  ),
];

/** Turns a producer's word into what it means; undefined: nobody has said. */
export type Vocabulary = (word: string) => Meaning | undefined;

/** Far longer than any word: a text of a megabyte in its place would hold everybody up while it is folded. */
const LONGEST = 100;
/** `JOB_STATE_SUCCEEDED`, `TaskInstanceState.SUCCESS`: the name of the type is no part of the word. */
const TYPE_NAME = /^.*(?:state|status|phase)[\s._-]+/i;

/** The one form of a word in all its spellings: `TimedOut`, `timed-out` and `Timed out` are `timedout`. */
export const foldWord = (word: string): string => word.replace(/[\s_-]+/g, '').toLowerCase();

/** Statuses that stand only until the next word comes. */
const PASSING: ReadonlySet<Status | undefined> = new Set<Status>(['pending', 'queued', 'running']);

const BASE: ReadonlyMap<string, Meaning> = new Map(
  WORDS.flatMap(({ status, reason, doubt, words }) =>
    words.map((word) => [
      foldWord(word),
      {
        ...(status === undefined ? {} : { status }),
        ...(reason ? { reason: word } : {}),
        ...(doubt === undefined ? {} : { doubt }),
      },
    ]),
  ),
);

/** The table, with words added or read otherwise: `more` maps each to its status. */
export function vocabularyOf(more: ReadonlyMap<string, Status> = new Map()): Vocabulary {
  const table = new Map(BASE);
  for (const [word, status] of more)
    table.set(foldWord(word), PASSING.has(status) ? { status } : { status, reason: word });
  // The usual spelling, too: it costs a look-up, and no folding.
  for (const word of [...WORDS.flatMap(({ words }) => words), ...more.keys()])
    table.set(word, table.get(foldWord(word))!);
  const look = (word: string): Meaning | undefined => table.get(foldWord(word));
  return (word) =>
    table.get(word) ?? (word.length > LONGEST ? undefined : (look(word) ?? look(word.trim().replace(TYPE_NAME, ''))));
}

/** The table as it is. */
export const understood: Vocabulary = vocabularyOf();

/** The status that a word means, and nothing beyond it: what lists may be asked by. */
export function plainStatus(word: string): Status | undefined {
  const meaning = understood(word);
  return meaning?.reason === undefined ? meaning?.status : undefined;
}
