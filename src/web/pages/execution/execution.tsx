import { useParams } from '@tanstack/react-router';

/** To be built. */
export default function Execution() {
  const { id } = useParams({ from: '/app/executions/$id' });
  return (
    <div className="page">
      <h1 className="id">{id}</h1>
    </div>
  );
}
