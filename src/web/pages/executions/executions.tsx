/** To be built. */
export default function Executions() {
  return (
    <div className="page">
      <h1>Executions</h1>
    </div>
  );
}
