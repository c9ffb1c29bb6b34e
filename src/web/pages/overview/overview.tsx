import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useKeys } from '../../shared/keys.js';
import { askedOf } from './asked.js';
import { Counts } from './counts.js';
import { Failures } from './failures.js';
import { Filters } from './filters.js';
import { Inbox } from './inbox.js';
import { Lately } from './lately.js';
import { Outcomes } from './outcomes.js';
import './overview.css';

/** How all executions stand, what needs a person, what failed and why, and what happens now. */
export default function Overview() {
  const asked = askedOf(useSearch({ from: '/app/' }));
  const { narrow } = asked;
  const [isPaused, pause] = useState(false);
  useKeys({ p: () => pause((is) => !is) });
  // What is held of other figures must not be shown for these: each address has its own.
  const [who, when] = [JSON.stringify(narrow), JSON.stringify([narrow, asked.last])];
  return (
    <div className="page">
      <div className="row wide">
        <h1>Overview</h1>
        <Filters asked={asked} />
      </div>
      <Counts key={`counts ${who}`} narrow={narrow} isPaused={isPaused} />
      <div className="two">
        <div className="stack">
          <Outcomes key={`outcomes ${when} ${asked.by}`} asked={asked} isPaused={isPaused} />
          <Failures key={`failures ${when}`} asked={asked} isPaused={isPaused} />
        </div>
        <div className="stack">
          <Inbox isNarrowed={Object.keys(narrow).length > 0} isPaused={isPaused} />
          <Lately key={`lately ${who}`} narrow={narrow} isPaused={isPaused} onPause={() => pause((is) => !is)} />
        </div>
      </div>
    </div>
  );
}
