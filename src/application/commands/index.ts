import { AbortExecutionHandler } from './abort.handler.js';
import { CancelExecutionHandler } from './cancel.handler.js';
import { CascadeCancelHandler } from './cascade-cancel.handler.js';
import { ControlProjectionHandler } from './control-projection.handler.js';
import { DispatchExecutionHandler } from './dispatch.handler.js';
import { PauseExecutionHandler } from './pause.handler.js';
import { RegisterExecutionHandler } from './register.handler.js';
import { ReportExecutionHandler } from './report.handler.js';
import { ResumeExecutionHandler } from './resume.handler.js';

export const COMMAND_HANDLERS = [
  RegisterExecutionHandler,
  ReportExecutionHandler,
  DispatchExecutionHandler,
  AbortExecutionHandler,
  ResumeExecutionHandler,
  PauseExecutionHandler,
  CancelExecutionHandler,
  CascadeCancelHandler,
  ControlProjectionHandler,
];
